using MultiCluster.Federation.BackendPolicies;
using MultiCluster.Federation.Settings;
using MultiCluster.Federation.Tests.RoutePolicies;
using MultiCluster.Model.Collections;

namespace MultiCluster.Federation.Tests.Settings;

/// <summary>What counts for Ingresses that say nothing themselves.</summary>
public sealed class DefaultsTests
{
    private const string J = Reading.J;
    private const string H = Reading.H;

    [Theory]
    [InlineData("", false, true, null)]
    [InlineData("", true, true, 302)]
    [InlineData("", true, false, null)]
    [InlineData("J:proxy-body-size=1m", true, true, 302)]
    [InlineData("J:ssl-redirect=false", true, true, null)]
    [InlineData("H:ssl-redirect=off", true, true, null)]
    [InlineData("N:ssl-redirect=false", true, true, null)]
    [InlineData("N:ssl-redirect=true", true, true, 308)]
    [InlineData("H:ssl-redirect=maybe", true, true, 302)]
    public void Hosts_with_TLS_redirect_where_nothing_else_is_said(string lines, bool redirects, bool tls, int? code) => Assert.Equal(
        code, Reading.Of(lines, Reading.Context(tls: tls) with { Defaults = new IngressDefaults(EquatableMap.Empty, redirects) }).Policy.HttpsRedirect?.Code);

    [Theory]
    // The Ingress' own word counts, of whichever controller it is.
    [InlineData("", "J:denylist-source-range=10.0.0.1", "10.0.0.1/32")]
    [InlineData("H:deny-list=10.0.0.2", "J:denylist-source-range=10.0.0.1", "10.0.0.2/32")]
    [InlineData("J:denylist-source-range=10.0.0.2", "H:deny-list=10.0.0.1", "10.0.0.2/32")]
    [InlineData("sJ:denylist-source-range=10.0.0.2", "J:denylist-source-range=10.0.0.1", "10.0.0.2/32")]
    [InlineData("N:denylist-source-range=10.0.0.2", "H:blacklist=10.0.0.1", "10.0.0.2/32")]
    // Under another of its names.
    [InlineData("H:blacklist=10.0.0.2", "H:deny-list=10.0.0.1", "10.0.0.2/32")]
    [InlineData("", "H:blacklist=10.0.0.2 & H:deny-list=10.0.0.1", "10.0.0.1/32")]
    public void An_objects_own_word_counts_before_a_default(string lines, string defaults, string denied)
    {
        var reading = Reading.Of(lines, Reading.Context() with { Defaults = Defaults(defaults) });
        Assert.Equal([denied], reading.Policy.Sources!.Deny);
        Assert.Empty(reading.Problems);
    }

    [Fact]
    public void Defaults_of_a_thing_and_an_Ingress_own_word_of_it_make_one_policy()
    {
        var policy = Reading.Of("J:cors-enable=true", Reading.Context() with { Defaults = Defaults("J:cors-max-age=7") }).Policy;
        Assert.Equal(7, policy.Cors!.MaxAge);
    }

    [Fact]
    public void A_code_of_redirects_is_of_those_that_are_asked_for()
    {
        var defaults = Defaults("J:ssl-redirect-code=308 & J:redirect-to-code=301");
        Assert.Equal(308, Reading.Of("", Reading.Context() with { Defaults = defaults with { RedirectsToHttps = true } }).Policy.HttpsRedirect!.Code);
        Assert.Null(Reading.Of("", Reading.Context() with { Defaults = defaults }).Policy.HttpsRedirect);
        Assert.Equal(301, Reading.Of("J:redirect-to=https://x.example/", Reading.Context() with { Defaults = defaults }).Policy.Redirect!.Code);
    }

    [Fact]
    public void Servers_have_defaults_too()
    {
        var defaults = Defaults("H:pod-maxconn=5 & H:check=true").Annotations;
        Assert.Equal((5, true), Of(EquatableMap.Empty, EquatableMap.Empty));
        Assert.Equal((6, true), Of(Map(H + "pod-maxconn", "6"), EquatableMap.Empty));
        Assert.Equal((7, true), Of(Map(H + "pod-maxconn", "6"), Map(J + "maxconn-server", "7")));
        (int, bool?) Of(EquatableMap ingress, EquatableMap service) =>
            BackendPolicyReader.Read(ingress, service, "s", new IngressDefaults(defaults, false)).Policy is var policy ? (policy.MaxConnections, policy.Checks) : default;
    }

    [Fact]
    public void Nobody_gets_in_by_a_default_that_guards_access_and_is_no_good()
    {
        var reading = Reading.Of("", Reading.Context() with { Defaults = Defaults("H:allow-list=nobody") });
        Assert.True(reading.Policy.Closed || reading.Policy.Sources is { Allow: { IsEmpty: true } }, reading.Policy.ToString());
        Assert.Contains("of the settings for all Ingresses", Assert.Single(reading.Problems).ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Settings_of_proxies_and_Secrets_are_no_defaults() =>
        Assert.Equal([H + "timeout-server"], IngressDefaults.Only(Defaults("H:timeout-server=5s & H:timeout-client=5s & J:auth-secret=x & H:nothing=1").Annotations).Keys);

    private static EquatableMap Map(string name, string value) => EquatableMap.From([new(name, value)]);

    private static IngressDefaults Defaults(string lines) => new(
        EquatableMap.From(lines.Split(" & ").Select(static line => KeyValuePair.Create(
            line[..2] switch { "J:" => J, "H:" => H, _ => Reading.N } + line[2..line.IndexOf('=', StringComparison.Ordinal)], line[(line.IndexOf('=', StringComparison.Ordinal) + 1)..]))),
        false);
}
