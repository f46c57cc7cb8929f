using MultiCluster.Federation.Annotations;
using MultiCluster.Federation.Policies;

namespace MultiCluster.Federation.Tests.Annotations;

public sealed class AnnotationIndexTests
{
    private static readonly AnnotationPlaces[] OnObjects = [AnnotationPlaces.Ingress, AnnotationPlaces.Service];

    [Theory]
    [InlineData("haproxy", DocumentedKeys.Haproxy)]
    [InlineData("haproxy-ingress", DocumentedKeys.HaproxyIngress)]
    [InlineData("nginx", DocumentedKeys.Nginx)]
    public void Every_key_that_a_controller_documents_is_there_once_and_no_other(string family, string keys) =>
        Assert.Equal(
            keys.Split([' ', '\n'], StringSplitOptions.RemoveEmptyEntries).Order(StringComparer.Ordinal),
            Family(family).Entries.Select(static entry => entry.Key).Order(StringComparer.Ordinal));

    [Fact]
    public void Our_own_are_those_that_the_program_reads()
    {
        Assert.Equal(
            PolicyAnnotations.All.Order(StringComparer.Ordinal),
            Family("multicluster").Entries.Where(static entry => entry.Value.Spec == "own").Select(static entry => PolicyAnnotations.Prefix + entry.Key));
        Assert.All(Family("multicluster").Entries, static entry => Assert.Equal(AnnotationStatus.Supported, entry.Status));
    }

    [Fact]
    public void Every_policy_is_of_some_key()
    {
        var used = Entries().Select(static entry => entry.Policy).ToHashSet(StringComparer.Ordinal);
        Assert.DoesNotContain(AnnotationIndex.Policies, policy => !used.Contains(policy));
    }

    [Fact]
    public void What_is_refused_needless_or_differs_has_a_reason_and_a_snippet_is_always_refused()
    {
        Assert.All(
            Entries().Where(static entry => entry.Status is AnnotationStatus.Refused or AnnotationStatus.Differs or AnnotationStatus.Needless),
            static entry => Assert.True(entry.Note?.EndsWith('.'), entry.Key));
        Assert.All(
            Entries().Where(static entry => entry.Value.Spec == "snippet" || entry.Key.Contains("snippet", StringComparison.Ordinal)),
            static entry => Assert.True(
                entry is { Status: AnnotationStatus.Refused, Risk: AnnotationRisk.High } || entry.Key == "allow-snippet-annotations", entry.Key));
    }

    [Fact]
    public void A_default_is_a_good_value()
    {
        var bad = AnnotationIndex.Families
            .SelectMany(static family => family.Entries.Select(entry => (family.Name, entry.Key, Problem: Problem(entry))))
            .Where(static item => item.Problem is not null);
        Assert.Empty(bad);
        static string? Problem(AnnotationEntry entry) => entry.Default is null ? null : entry.Value.ProblemOf(entry.Default);
    }

    [Fact]
    public void The_tables_differ_where_controllers_do()
    {
        Assert.Equal(("time:ms", "5s"), Of("haproxy.org/cors-max-age"));
        Assert.Equal(("int:0..", "86400"), Of("haproxy-ingress.github.io/cors-max-age"));
        Assert.Equal(("int:0..", "1728000"), Of("nginx.ingress.kubernetes.io/cors-max-age"));
        Assert.Equal(("bool:on", "false"), Of("haproxy.org/cors-allow-credentials"));
        Assert.Equal(("bool", "true"), Of("haproxy-ingress.github.io/cors-allow-credentials"));
        Assert.Equal("accept-proxy-protocol", AnnotationIndex.Find("haproxy.org/proxy-protocol")!.Value.Entry.Policy);
        Assert.Equal("send-proxy-protocol", AnnotationIndex.Find("haproxy-ingress.github.io/proxy-protocol")!.Value.Entry.Policy);
        static (string, string?) Of(string name) => AnnotationIndex.Find(name)!.Value.Entry is var entry ? (entry.Value.Spec, entry.Default) : default;
    }

    [Theory]
    [InlineData("haproxy.com/allow-list", "haproxy")]
    [InlineData("ingress.kubernetes.io/allow-list", "haproxy")]
    [InlineData("ingress.kubernetes.io/ssl-redirect", "haproxy-ingress")]
    [InlineData("nginx.ingress.kubernetes.io/ssl-redirect", "nginx")]
    [InlineData("kubernetes.io/ingress.class", "kubernetes")]
    [InlineData("haproxy.org/nothing", null)]
    [InlineData("cert-manager.io/issuer", null)]
    [InlineData("allow-list", null)]
    [InlineData("", null)]
    [InlineData("/", null)]
    public void A_key_is_found_by_any_prefix_of_its_controller(string name, string? family) =>
        Assert.Equal(family, AnnotationIndex.Find(name)?.Family.Name);

    [Theory]
    [InlineData("nginx.ingress.kubernetes.io/rewrite-targt", "nginx.ingress.kubernetes.io/rewrite-target")]
    [InlineData("haproxy.com/alow-list", "haproxy.com/allow-list")]
    [InlineData("haproxy.org/qqqqqqqqqqqqqqqqqqqqq", null)]
    public void The_nearest_key_is_suggested(string name, string? nearest) => Assert.Equal(nearest, AnnotationIndex.Nearest(name));

    [Fact]
    public void An_access_rule_never_counts_as_done() => Assert.All(
        Entries().Where(static entry => entry.Policy is "allow-sources" or "deny-sources" or "auth-type" or "basic-auth-secret"),
        static entry => Assert.True(entry.Done.IsEmpty && entry.Places != AnnotationPlaces.None && OnObjects.Any(place => entry.Places.HasFlag(place)), entry.Key));

    private static IEnumerable<AnnotationEntry> Entries() => AnnotationIndex.Families.SelectMany(static family => family.Entries);

    private static AnnotationFamily Family(string name) => AnnotationIndex.Families.Single(family => family.Name == name);
}
