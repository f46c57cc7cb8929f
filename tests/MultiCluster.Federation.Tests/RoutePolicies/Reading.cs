using System.Text;
using MultiCluster.Federation.RoutePolicies;
using MultiCluster.Model.Collections;
using MultiCluster.Model.Identity;
using MultiCluster.Model.Policies;
using MultiCluster.Model.Routing;

namespace MultiCluster.Federation.Tests.RoutePolicies;

/// <summary>Annotations in, policy and problems out.</summary>
internal static class Reading
{
    public const string J = "haproxy-ingress.github.io/";
    public const string H = "haproxy.org/";
    public const string N = "nginx.ingress.kubernetes.io/";

    public static readonly ObjectKey Ingress = new("shop", "front");

    public static RoutePolicyContext Context(string path = "/cart", PathMatch match = PathMatch.Prefix, bool tls = true, params (string Name, string Key, string Value)[] secrets) =>
        new(Ingress, "cart", path, match, tls, key => secrets.Where(secret => key == new ObjectKey("shop", secret.Name)) is var found && found.Any()
            ? found.ToDictionary(static secret => secret.Key, static secret => (ReadOnlyMemory<byte>)Encoding.UTF8.GetBytes(secret.Value))
            : null);

    /// <param name="lines">Such as <c>N:ssl-redirect=true</c>; of the Service with an s before it; parted by " &amp; ".</param>
    public static RoutePolicyReading Of(string lines, RoutePolicyContext? context = null)
    {
        var written = lines.Split(" & ", StringSplitOptions.RemoveEmptyEntries);
        return RoutePolicyReader.Read(
            EquatableMap.From(written.Where(static line => line[0] != 's').Select(Annotation)),
            EquatableMap.From(written.Where(static line => line[0] == 's').Select(static line => Annotation(line[1..]))),
            context ?? Context());
    }

    public static RoutePolicy Policy(string lines, RoutePolicyContext? context = null)
    {
        var reading = Of(lines, context);
        Assert.True(reading.Problems.IsEmpty, reading.Problems.ToString());
        return reading.Policy;
    }

    private static KeyValuePair<string, string> Annotation(string line)
    {
        var at = line.IndexOf('=', StringComparison.Ordinal);
        var name = line[..at];
        return KeyValuePair.Create(name[..2] switch { "J:" => J + name[2..], "H:" => H + name[2..], "N:" => N + name[2..], _ => name }, line[(at + 1)..]);
    }
}
