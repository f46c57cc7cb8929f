using MultiCluster.Federation.BackendPolicies;
using MultiCluster.Federation.RoutePolicies;
using MultiCluster.Model.Collections;
using MultiCluster.Model.Identity;
using MultiCluster.Model.Policies;
using MultiCluster.Model.Routing;

namespace MultiCluster.Federation.Tests.BackendPolicies;

public sealed class SessionReaderTests
{
    private static readonly string[] Hostile =
    [
        "", " ", "a;b", "a b", "a=b", "/a;Secure", "x; Domain=evil.example", "/\r\nSet-Cookie: a=b", "\u00e9", "%[src]", "\"", "-1", "99999999999", "None; Secure", "..", "*.shop.example", new string('/', 2000), new string('a', 2000),
    ];

    [Theory]
    [InlineData("nginx.ingress.kubernetes.io/session-cookie-name")]
    [InlineData("nginx.ingress.kubernetes.io/session-cookie-path")]
    [InlineData("nginx.ingress.kubernetes.io/session-cookie-domain")]
    [InlineData("nginx.ingress.kubernetes.io/session-cookie-max-age")]
    [InlineData("nginx.ingress.kubernetes.io/session-cookie-expires")]
    [InlineData("nginx.ingress.kubernetes.io/session-cookie-samesite")]
    [InlineData("nginx.ingress.kubernetes.io/session-cookie-secure")]
    [InlineData("haproxy-ingress.github.io/session-cookie-name")]
    [InlineData("haproxy-ingress.github.io/session-cookie-domain")]
    [InlineData("haproxy-ingress.github.io/session-cookie-keywords")]
    [InlineData("haproxy-ingress.github.io/session-cookie-strategy")]
    public void Whatever_is_written_the_session_is_bound_and_its_attributes_are_checked(string key)
    {
        var affinity = key[..(key.IndexOf('/', StringComparison.Ordinal) + 1)] + "affinity";
        foreach (var value in Hostile)
        {
            var reading = BackendPolicyReader.Read(EquatableMap.From([KeyValuePair.Create(affinity, "cookie"), KeyValuePair.Create(key, value)]), EquatableMap.Empty, context: new RoutePolicyContext(new ObjectKey("shop", "front"), "cart", value, PathMatch.Prefix, false, static _ => null));
            var cookie = reading.Policy.Session;
            Assert.NotNull(cookie);
            Assert.True(HashKey.IsName(cookie.Name) && SessionCookie.IsPath(cookie.Path) && (cookie.Domain.Length == 0 || SessionCookie.IsDomain(cookie.Domain)), $"{key}: {value} is {cookie}");
            Assert.DoesNotContain(';', cookie.Path);
            Assert.True(cookie.MaxAge is null or >= 0 && cookie.Expires is null or >= 0);
            Assert.All(reading.Problems, problem => Assert.Equal($"annotation {key}", problem.Field));
            Assert.InRange(reading.Problems.Count, 0, 1);
        }
    }
}
