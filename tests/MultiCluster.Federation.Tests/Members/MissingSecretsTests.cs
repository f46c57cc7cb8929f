using MultiCluster.Federation.Members;
using MultiCluster.Federation.Tests.Support;
using MultiCluster.Model.Identity;
using MultiCluster.Model.Members;
using MultiCluster.Model.Resources;

namespace MultiCluster.Federation.Tests.Members;

/// <summary>Promise P1: certificates that were known stay when the right to read Secrets is gone, and nothing else waits for it.</summary>
public sealed class MissingSecretsTests
{
    private static readonly ResourceKind[] Others = [ResourceKind.Ingress, ResourceKind.IngressClass, ResourceKind.Service, ResourceKind.EndpointSlice];
    private readonly MemberView _view = new(Make.Aws, new ClassOptions(WatchWithoutClass: true));

    [Fact]
    public void A_member_whose_Secrets_must_not_be_read_is_complete_and_not_stale_and_says_why_they_are_missing()
    {
        foreach (var kind in Others)
            _view.Apply(new MemberEvent.Listed(kind, []));
        _view.Apply(new MemberEvent.Disconnected(ResourceKind.Secret, "timeout"));
        Assert.Equal((false, true), (_view.IsComplete, _view.IsStale));

        _view.Apply(new MemberEvent.Disconnected(ResourceKind.Secret, "403"));
        _view.Apply(new MemberEvent.Refused(ResourceKind.Secret));
        Assert.Equal((true, false), (_view.IsComplete, _view.IsStale));
        Assert.Equal("403", Assert.Single(_view.Staleness).Reason);

        // An API server that is away is another matter.
        _view.Apply(new MemberEvent.Disconnected(ResourceKind.Ingress, "timeout"));
        Assert.Equal((true, true), (_view.IsComplete, _view.IsStale));
    }

    [Theory]
    [InlineData(ResourceKind.Ingress)]
    [InlineData(ResourceKind.IngressClass)]
    [InlineData(ResourceKind.Service)]
    [InlineData(ResourceKind.EndpointSlice)]
    public void No_other_kind_can_be_done_without(ResourceKind missing)
    {
        foreach (var kind in Others.Append(ResourceKind.Secret).Where(kind => kind != missing))
            _view.Apply(new MemberEvent.Listed(kind, []));
        _view.Apply(new MemberEvent.Disconnected(missing, "403"));
        _view.Apply(new MemberEvent.Refused(missing));
        Assert.Equal((false, true), (_view.IsComplete, _view.IsStale));
    }

    [Fact]
    public void Copies_say_that_they_lack_Secrets_until_these_are_listed()
    {
        _view.Apply(new MemberEvent.Upserted(Make.Ingress(Make.Rule("plain.example", Make.Path("/", "shop"))).Named("plain")));
        var one = Assert.IsType<CopyChange.IngressChanged>(Assert.Single(_view.Apply(new MemberEvent.Upserted(WithTls("one", "tls")))));
        Assert.False(one.Copy!.KnowsSecrets);
        Assert.All(_view.Snapshot().OfType<CopyChange.IngressChanged>().Where(static change => change.Ingress.Name == "plain"), static change => Assert.True(change.Copy!.KnowsSecrets));

        // Also for those that name Secrets which do not exist.
        var listed = Assert.IsType<CopyChange.IngressChanged>(Assert.Single(_view.Apply(new MemberEvent.Listed(ResourceKind.Secret, []))));
        Assert.Equal(("one", true), (listed.Ingress.Name, listed.Copy!.KnowsSecrets));
        Assert.Empty(_view.Apply(new MemberEvent.Listed(ResourceKind.Secret, [])));
    }

    [Fact]
    public void A_right_that_is_taken_away_later_changes_no_copy()
    {
        _view.Apply(new MemberEvent.Listed(ResourceKind.Secret, [Certificates.Stored("tls", ("c", "k"))]));
        _view.Apply(new MemberEvent.Upserted(WithTls("one", "tls")));
        Assert.Empty(_view.Apply(new MemberEvent.Disconnected(ResourceKind.Secret, "403")));
        Assert.Empty(_view.Apply(new MemberEvent.Refused(ResourceKind.Secret)));
        Assert.False(_view.IsStale);

        // But one that is named from now on may be there.
        var named = Assert.IsType<CopyChange.IngressChanged>(Assert.Single(_view.Apply(new MemberEvent.Upserted(WithTls("one", "tls", "new")))));
        Assert.Equal((false, 1), (named.Copy!.KnowsSecrets, named.Copy.Secrets.Count));
        var granted = Assert.IsType<CopyChange.IngressChanged>(Assert.Single(_view.Apply(new MemberEvent.Connected(ResourceKind.Secret))));
        Assert.True(granted.Copy!.KnowsSecrets);

        _view.Apply(new MemberEvent.Connected(ResourceKind.Secret));
        _view.Apply(new MemberEvent.Disconnected(ResourceKind.Secret, "timeout"));
        Assert.True(_view.IsStale);
    }

    [Fact]
    public void An_owner_keeps_the_Secrets_that_are_still_named()
    {
        var before = Copy(WithTls("one", "a", "b"), Certificates.Secret("a", ("ca", "ka")), Certificates.Secret("b", ("cb", "kb")));
        var blind = Copy(WithTls("one", "b", "c")) with { KnowsSecrets = false };

        Assert.Equal("b", Names(KeptSecrets.Of(blind, before)));
        Assert.Equal("", Names(KeptSecrets.Of(blind, null)));
        // What is known counts, also that there is none.
        Assert.Equal("", Names(KeptSecrets.Of(blind with { KnowsSecrets = true }, before)));
        var some = blind with { Secrets = [Certificates.Secret("c", ("cc", "kc"))] };
        Assert.Equal("b c", Names(KeptSecrets.Of(some, before)));
    }

    private static string Names(IngressCopy copy) => string.Join(' ', copy.Secrets.Select(static secret => secret.Key.Name));

    private static IngressCopy Copy(IngressResource ingress, params TlsSecretResource[] secrets) => new(Make.Aws, ingress, ClassVerdict.Ours, [.. secrets], []);

    private static IngressResource WithTls(string name, params string[] secrets) => Make.Ingress(Make.Rule("shop.example", Make.Path("/", "shop"))).Named(name) with
    {
        Tls = [.. secrets.Select(static secret => new IngressTls([], secret))],
    };
}
