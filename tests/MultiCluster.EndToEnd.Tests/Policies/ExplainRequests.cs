using System.Net;

namespace MultiCluster.EndToEnd.Tests.Policies;

internal sealed record ExplainRequest(string Method, string Url, IPAddress From, IReadOnlyList<(string Name, string Value)> Headers)
{
    public override string ToString() => $"{Method} {Url} from {From} with {string.Join(", ", Headers.Select(static header => $"{header.Name}: {header.Value}"))}";
}

/// <summary>Requests by chance, each near one that a case asks, so that its rules are met and just missed.</summary>
internal sealed class ExplainRequests(int seed, IReadOnlyList<PolicyCase> cases)
{
    /// <summary>Pods do what such headers say, which nobody can tell beforehand.</summary>
    private const string OfPods = "x-reply-";

    private static readonly string[] Methods = ["GET", "GET", "GET", "GET", "POST", "PUT", "DELETE", "OPTIONS", "PATCH"];

    private static readonly string[] Ends = ["", "", "", "/", "/more", "x", "?q=1", "/a?b=/c", "//", "/%41", "/%2e%2e/", "/%zz", "/a%20b", "/./a", "/%2F"];

    private static readonly (string Name, string Value)[] Usual =
    [
        ("origin", "https://page.example"), ("access-control-request-method", "PUT"), ("authorization", "Basic YTpi"), ("x-forwarded-for", "10.0.0.1"),
        ("x-forwarded-for", "192.0.2.1, 203.0.113.9"), ("cookie", "a=b; c=d"), ("user-agent", "test"), ("x-real-ip", "10.1.2.3"), ("authorization", "Bearer x"),
    ];

    private static readonly IPAddress[] Addresses = [IPAddress.Parse("127.0.0.1"), IPAddress.Parse("127.0.0.2"), IPAddress.Parse("127.0.0.3"), IPAddress.Parse("127.1.0.1"), IPAddress.Parse("127.0.7.7")];

#pragma warning disable CA5394 // The same each time is what is wanted.
    private readonly Random _random = new(seed);

    public ExplainRequest Next()
    {
        var item = Any(cases);
        var near = Any(item.Exchanges);
        var headers = new List<(string Name, string Value)>();
        foreach (var (name, value) in near.Headers.Where(_ => Once(3, 2)))
            headers.Add((name, item.Fill(value)));
        while (Once(3))
            headers.Add(Any(Usual));
        return new ExplainRequest(Once(2) ? Method(near.Method) : Any(Methods), Url(item, near), Once(2) ? near.From ?? Addresses[0] : Any(Addresses), [.. headers.DistinctBy(static header => header.Name, StringComparer.OrdinalIgnoreCase).Where(static header => !IsFraming(header.Name) && !header.Name.StartsWith(OfPods, StringComparison.OrdinalIgnoreCase))]);
    }

    private string Url(PolicyCase item, Exchange near)
    {
        var host = Any([item.Host, item.Host, item.Host, item.Host, $"www.{item.Host}", $"{item.Host}.", "nobody.test"]);
        var path = near.Url.StartsWith('/') ? near.Url : "/";
        path = Any([path, path, item.Route.Path.StartsWith('/') ? item.Route.Path : "/", .. item.More.Select(static more => more.Path).Where(static more => more.StartsWith('/')), "/"]);
        // Expressions as paths are no paths.
        path = new string([.. path.Where(static c => char.IsAsciiLetterOrDigit(c) || "/-_.~%?=&".Contains(c, StringComparison.Ordinal))]);
        var end = path.Contains('?', StringComparison.Ordinal) ? "" : Any(Ends);
        // With a dot at the end clients don't agree on what name TLS is spoken with.
        return $"{(Once(6) && !host.EndsWith('.') ? "https" : "http")}://{host}{(path.StartsWith('/') ? path : "/" + path)}{end}";
    }

    private static string Method(string method) => method is PolicyRun.Tunnel or "HEAD" ? "GET" : method;

    private static bool IsFraming(string name) => name.ToLowerInvariant() is "content-length" or "transfer-encoding" or "connection" or "upgrade" or "host" or "expect";

    private bool Once(int of, int times = 1) => _random.Next(of) < times;

    private T Any<T>(IReadOnlyList<T> items) => items[_random.Next(items.Count)];
#pragma warning restore CA5394
}
