using MultiCluster.Federation.Ingresses;
using MultiCluster.Federation.Members;
using MultiCluster.Federation.Settings;
using MultiCluster.Federation.Tests.Support;
using MultiCluster.Model.Collections;
using MultiCluster.Model.Conditions;
using MultiCluster.Model.Identity;
using MultiCluster.Model.Members;
using MultiCluster.Model.Policies;
using MultiCluster.Model.Resources;
using MultiCluster.Model.Routing;

namespace MultiCluster.Federation.Tests.Members;

/// <summary>A namespace lets Ingresses of others use its Secrets, and nobody else can.</summary>
public sealed class GrantTests
{
    private const string Auth = "haproxy-ingress.github.io/auth-secret";
    private static readonly ObjectKey Users = new("safe", "users");
    private readonly MemberView _view = new(Make.Aws, new ClassOptions(WatchWithoutClass: true), new MemberViewOptions { ReadsGrants = true });
    private IngressCopy? _copy;

    public GrantTests()
    {
        foreach (var kind in _view.Kinds)
            Take(_view.Apply(new MemberEvent.Listed(kind, [])));
        Apply(Secret(), new ServiceResource(new ObjectMeta(Make.Key("shop"))) { Ports = [new ServicePort("", 80, "TCP", null, null)] }, Ingress("safe/users"));
    }

    [Fact]
    public void Without_a_grant_the_route_is_closed_and_with_one_it_is_guarded_from_then_on_and_closed_when_it_goes()
    {
        Closed();
        Apply(Grant("a", "web", "users"));
        Guarded();
        Apply(Grant("b", "web", ""));
        Take(_view.Apply(new MemberEvent.Deleted(ResourceKind.ReferenceGrant, new ObjectKey("safe", "a"))));
        Guarded();
        Apply(Grant("b", "other", ""));
        Closed();
        Apply(Grant("b", "web", ""));
        Guarded();
        Take(_view.Apply(new MemberEvent.Deleted(ResourceKind.ReferenceGrant, new ObjectKey("safe", "b"))));
        Closed();
    }

    [Theory]
    [InlineData("safe", "other", "")]
    [InlineData("safe", "web", "others")]
    [InlineData("web", "web", "")]
    [InlineData("elsewhere", "web", "users")]
    public void A_grant_is_for_what_it_names_in_its_own_namespace(string space, string ingresses, string secret)
    {
        Apply(Grant("a", ingresses, secret, space));
        Closed();
        Assert.Empty(_copy!.AnnotationSecrets);
    }

    [Fact]
    public void One_that_can_not_be_read_grants_nothing()
    {
        Apply(Grant("a", "web", "") with { DecodeError = "spec.from: expected an array" });
        Closed();
    }

    [Fact]
    public void What_is_granted_and_not_there_is_told_as_missing_and_a_change_of_it_is_seen()
    {
        Apply(Grant("a", "web", ""));
        Take(_view.Apply(new MemberEvent.Deleted(ResourceKind.Secret, Users)));
        Assert.Equal(Reasons.SecretNotFound, Merge().ConditionOf(ConditionType.ResolvedRefs)!.Reason);
        Assert.True(Policy()!.Closed);
        Apply(Secret());
        Guarded();
    }

    [Fact]
    public void Nothing_is_known_of_an_Ingress_before_grants_are_unless_they_must_not_be_read()
    {
        var view = new MemberView(Make.Aws, new ClassOptions(WatchWithoutClass: true), new MemberViewOptions { ReadsGrants = true });
        foreach (var kind in view.Kinds.Where(static kind => kind != ResourceKind.ReferenceGrant))
            view.Apply(new MemberEvent.Listed(kind, []));
        var change = Assert.Single(view.Apply(new MemberEvent.Upserted(Ingress("safe/users"))));
        Assert.False(view.Knows(change) || view.IsComplete);
        view.Apply(new MemberEvent.Disconnected(ResourceKind.ReferenceGrant, "403"));
        view.Apply(new MemberEvent.Refused(ResourceKind.ReferenceGrant));
        Assert.True(view.Knows(change) && view.IsComplete && !view.IsStale);
    }

    [Fact]
    public void Secrets_that_must_not_be_read_any_more_are_kept_as_far_as_they_are_granted()
    {
        Apply(Grant("a", "web", ""));
        var before = _copy!;
        var blind = before with { AnnotationSecrets = [], KnowsSecrets = false };
        Assert.Equal(before.AnnotationSecrets, KeptSecrets.Of(blind, before).AnnotationSecrets);
        Assert.Empty(KeptSecrets.Of(blind with { Granted = [] }, before).AnnotationSecrets);
    }

    private static DataSecretResource Secret() => Make.Secret("users", ("auth", "ann::secret")) with { Meta = new ObjectMeta(Users) };

    private static IngressResource Ingress(string secret) =>
        new(new ObjectMeta(Make.Key("shop")) { Annotations = EquatableMap.From([KeyValuePair.Create(Auth, secret)]) })
        {
            Rules = [new IngressRule("shop.example.com", [new IngressPath("/", "Prefix", new IngressBackend("shop", null, 80))])],
        };

    private static ReferenceGrantResource Grant(string name, string ingresses, string secret, string space = "safe") =>
        new(new ObjectMeta(new ObjectKey(space, name))) { Ingresses = ["never", ingresses], Secrets = [secret] };

    private void Apply(params Resource[] resources)
    {
        foreach (var resource in resources)
            Take(_view.Apply(new MemberEvent.Upserted(resource)));
    }

    private void Take(IEnumerable<CopyChange> changes) => _copy = changes.OfType<CopyChange.IngressChanged>().LastOrDefault()?.Copy ?? _copy;

    private Fragment.Ingress Merge() => IngressFederation.Merge(Make.Key("shop"), [_copy!], Make.Now, FederationContext.Default, []).Fragment!;

    private RoutePolicy? Policy() => Merge().Routes.Single().Policy;

    private void Guarded()
    {
        Assert.Equal("ann", Assert.Single(Policy()!.BasicAuthentication!.Users).Name);
        Assert.DoesNotContain(Merge().Conditions, static item => item.Condition.Message.Contains("ReferenceGrant", StringComparison.Ordinal));
    }

    private void Closed()
    {
        Assert.True(Policy() is { Closed: true, BasicAuthentication: null });
        Assert.Contains("names Secret safe/users, of another namespace, in which no ReferenceGrant lets Ingresses of web use it; create one in safe", Merge().ConditionOf(ConditionType.PartiallyInvalid)!.Message, StringComparison.Ordinal);
        Assert.Contains(Merge().ConditionOf(ConditionType.ResolvedRefs)!.Details, static text => text.Contains("no ReferenceGrant", StringComparison.Ordinal));
    }
}
