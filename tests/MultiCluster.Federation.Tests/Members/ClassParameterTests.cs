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

/// <summary>What an IngressClass says for all its Ingresses.</summary>
public sealed class ClassParameterTests
{
    private const string J = "haproxy-ingress.github.io/";
    private const string Space = "ingress";
    private readonly MemberView _view = new(Make.Aws, new ClassOptions(), new MemberViewOptions { ParametersNamespace = Space, HoldsShrinks = true });
    private IngressCopy? _copy;

    [Theory]
    // Service > Ingress > class > all.
    [InlineData("1", "2", "3", "4", 1)]
    [InlineData(null, "2", "3", "4", 2)]
    [InlineData(null, null, "3", "4", 3)]
    [InlineData(null, null, null, "4", 4)]
    [InlineData(null, null, "0", "4", 0)]
    public void It_counts_after_annotations_and_before_the_settings_of_all(string? service, string? ingress, string? ofClass, string all, int expected)
    {
        Apply(Class("ours", "a"), Ingress("ours", ingress is null ? [] : [("cors-max-age", ingress), ("maxconn-server", ingress)]));
        Apply(Service(service is null ? [] : [(J + "cors-max-age", service), (J + "maxconn-server", service)]));
        List(ofClass is null ? [] : [ConfigMap("a", ("cors-max-age", ofClass), ("maxconn-server", ofClass))]);
        var policy = PolicyOf(Map((J + "cors-enable", "true"), (J + "cors-max-age", all), (J + "maxconn-server", all)));
        Assert.Equal((expected, expected), (policy!.Cors!.MaxAge, policy.Backend?.MaxConnections ?? 0));
    }

    [Fact]
    public void A_change_of_the_ConfigMap_or_of_the_class_reaches_its_Ingresses_at_once()
    {
        Apply(Class("ours", null), Class("theirs", null), Ingress("ours"));
        List([ConfigMap("a", ("denylist-source-range", "10.0.0.1")), ConfigMap("b", ("denylist-source-range", "10.0.0.2"))]);
        Assert.Null(PolicyOf());
        Apply(Class("ours", "a"));
        Assert.Equal(["10.0.0.1/32"], PolicyOf()!.Sources!.Deny);
        Apply(ConfigMap("a", ("denylist-source-range", "10.0.0.3")));
        Assert.Equal(["10.0.0.3/32"], PolicyOf()!.Sources!.Deny);
        Apply(Class("ours", "b"));
        Assert.Equal(["10.0.0.2/32"], PolicyOf()!.Sources!.Deny);
        var copy = _copy;
        Apply(ConfigMap("a", ("denylist-source-range", "10.0.0.4")), Class("theirs", "a"));
        Assert.Same(copy, _copy);
        _view.Apply(new MemberEvent.Deleted(ResourceKind.ConfigMap, new ObjectKey(Space, "b"))).ToList().ForEach(Take);

        // It may have been a guard, so that all go on with it.
        Assert.Equal(["10.0.0.2/32"], PolicyOf()!.Sources!.Deny);
    }

    [Fact]
    public void The_default_class_says_it_for_Ingresses_without_a_class()
    {
        Apply(Class("ours", "a") with { Meta = new ObjectMeta(new ObjectKey("", "ours")) { Annotations = Map((IngressClassResource.DefaultClassAnnotation, "true")) } }, Ingress(null));
        List([ConfigMap("a", ("denylist-source-range", "10.0.0.1"))]);
        Assert.NotNull(PolicyOf());
        Apply(Class("ours", "a"));
        Assert.NotEqual(ClassVerdict.Ours, _copy!.Class);
    }

    [Fact]
    public void Nothing_is_served_without_what_may_guard_it_unless_it_must_not_be_read()
    {
        Apply(Class("ours", "a"), Ingress("ours"));
        foreach (var kind in _view.Kinds.Where(static kind => kind is not (ResourceKind.Ingress or ResourceKind.IngressClass)))
            _view.Apply(new MemberEvent.Listed(kind, []));
        _view.Apply(new MemberEvent.Listed(ResourceKind.IngressClass, [Class("ours", "a")]));
        _view.Apply(new MemberEvent.Listed(ResourceKind.Ingress, [Ingress("ours")]));
        var change = new CopyChange.IngressChanged(Make.Key("shop"), _copy);
        Assert.False(_view.Knows(change) || _view.IsComplete);
        _view.Apply(new MemberEvent.Refused(ResourceKind.ConfigMap)).ToList().ForEach(Take);
        Assert.True(_view.Knows(change) && _view.IsComplete);
        Assert.False(_copy!.Parameters!.IsRead);
        Assert.Contains("grant list and watch on configmaps in ingress there", Unresolved()!.Message, StringComparison.Ordinal);

        // What was known of it before stays.
        var before = _copy with { Parameters = new ClassParameters("ours", Map((J + "denylist-source-range", "10.0.0.1")), true, null, []) };
        Assert.Equal(before.Parameters.Settings, KeptSecrets.Of(_copy, before).Parameters!.Settings);
        Assert.Empty(KeptSecrets.Of(_copy, before with { Parameters = before.Parameters with { Class = "other" } }).Parameters!.Settings);
    }

    [Theory]
    [InlineData("", "ConfigMap", null, "names ConfigMap ingress/a as its parameters, which aws does not have; create it there")]
    [InlineData("", "ConfigMap", "other", "has parameters in namespace other, and haproxy.settings.class-parameters names ingress")]
    [InlineData("", "Secret", null, "has parameters of kind \"Secret\", which nobody here reads")]
    [InlineData("x.example.com", "ConfigMap", "ingress", "has parameters of kind")]
    public void What_is_not_there_is_told_by_each_Ingress_and_takes_nothing_away(string group, string kind, string? space, string expected)
    {
        Apply(Class("ours", "a") with { Parameters = new ParametersReference(group, kind, "a", space) }, Service(), Ingress("ours"));
        List([]);
        var condition = Unresolved()!;
        Assert.Equal((false, Reasons.ParametersNotFound), (condition.Status, condition.Reason));
        Assert.Contains($"IngressClass ours {expected}", condition.Message, StringComparison.Ordinal);
        Assert.NotNull(PolicyOf(Map((J + "denylist-source-range", "10.0.0.1"))));
    }

    [Fact]
    public void Keys_that_can_not_count_are_told_with_ConfigMap_key_and_fix_and_a_bad_guard_lets_nobody_in()
    {
        Apply(Class("ours", "a"), Ingress("ours"));
        List([ConfigMap("a", ("timeout-client", "1s"), ("config-global", "x"), ("cors-max-agee", "1"), ("allowlist-source-range", "nobody"), ("auth-secret", "x"))]);
        var text = string.Join('\n', Merge().ConditionOf(ConditionType.PartiallyInvalid)!.Details);
        Assert.Contains("IngressClass ours has parameters: ConfigMap ingress/a, timeout-client: is about proxies as a whole", text, StringComparison.Ordinal);
        Assert.Contains("ConfigMap ingress/a, config-global: is refused", text, StringComparison.Ordinal);
        Assert.Contains("ConfigMap ingress/a, cors-max-agee: is no setting that we know; did you mean cors-max-age?", text, StringComparison.Ordinal);
        Assert.Contains("ConfigMap ingress/a, auth-secret: names a Secret", text, StringComparison.Ordinal);
        Assert.Contains("annotation haproxy-ingress.github.io/allowlist-source-range of the parameters of the IngressClass holds \"nobody\"", text, StringComparison.Ordinal);
        Assert.True(PolicyOf() is { Closed: true } or { Sources.Allow.IsEmpty: true });
    }

    private static EquatableMap Map(params (string, string)[] items) => EquatableMap.From(items.Select(static item => KeyValuePair.Create(item.Item1, item.Item2)));

    private static IngressClassResource Class(string name, string? map) => new(new ObjectMeta(new ObjectKey("", name)))
    {
        Controller = ClassOptions.DefaultControllerName,
        Parameters = map is null ? null : new ParametersReference("", "ConfigMap", map, Space),
    };

    private static ServiceResource Service(params (string, string)[] annotations) =>
        new(new ObjectMeta(Make.Key("shop")) { Annotations = Map(annotations) }) { Ports = [new ServicePort("", 80, "TCP", null, null)] };

    private static ConfigMapResource ConfigMap(string name, params (string, string)[] data) => new(new ObjectMeta(new ObjectKey(Space, name))) { Data = Map(data) };

    private static IngressResource Ingress(string? className, params (string Key, string Value)[] annotations) =>
        new(new ObjectMeta(Make.Key("shop")) { Annotations = Map([.. annotations.Select(static item => (J + item.Key, item.Value))]) })
        {
            ClassName = className,
            Rules = [new IngressRule("shop.example.com", [new IngressPath("/", "Prefix", new IngressBackend("shop", null, 80))])],
        };

    private void Apply(params Resource[] resources)
    {
        foreach (var resource in resources)
            _view.Apply(new MemberEvent.Upserted(resource)).ToList().ForEach(Take);
    }

    private void List(params Resource[] maps) => _view.Apply(new MemberEvent.Listed(ResourceKind.ConfigMap, [.. maps])).ToList().ForEach(Take);

    private void Take(CopyChange change) => _copy = change is CopyChange.IngressChanged { Copy: var copy } ? copy : _copy;

    private Condition? Unresolved() => Merge().ConditionOf(ConditionType.ResolvedRefs);

    private Fragment.Ingress Merge(EquatableMap? settings = null)
    {
        var context = FederationContext.Default with { Defaults = IngressDefaults.None.With(settings ?? EquatableMap.Empty) };
        return IngressFederation.Merge(Make.Key("shop"), [_copy!], Make.Now, context, []).Fragment!;
    }

    private RoutePolicy? PolicyOf(EquatableMap? settings = null) => Merge(settings).Routes.Single().Policy;
}
