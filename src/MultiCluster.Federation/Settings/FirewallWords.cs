using System.Net;
using MultiCluster.Model.Collections;

namespace MultiCluster.Federation.Settings;

/// <summary>What settings say of agents that check requests. All of it becomes text of a configuration.</summary>
public static class FirewallWords
{
    public const string EndpointsKey = "haproxy-ingress.github.io/modsecurity-endpoints";

    public const string EndpointsMeant = "such as 10.0.0.5:12345";

    public const string ArgumentsMeant =
        "some of uuid(), method, path, query, req.ver, req.hdrs_bin or req.hdrs, req.body_size, req.body, src, src_port, dst, dst_port, hdr(host), ssl_fc, ssl_fc_sni, and str(WORD)";

    /// <summary>Each is a server of HAProxy.</summary>
    private const int MaxEndpoints = 100;

    private const int MaxArguments = 16;

    private const int MaxWord = 32;

    /// <summary>Each is sent once, so that what agents get can't be longer than they take.</summary>
    private static readonly string[] Known =
    [
        "uuid()", "method", "path", "query", "req.ver", "req.hdrs_bin", "req.hdrs", "req.body_size", "req.body_len", "req.body", "src", "src_port", "dst", "dst_port",
        "hdr(host)", "ssl_fc", "ssl_fc_sni",
    ];

    /// <returns>Null when one is no address with a port.</returns>
    public static EquatableArray<string>? Endpoints(IEnumerable<string> texts)
    {
        var endpoints = new List<string>();
        foreach (var text in texts.Select(static text => text.Trim()).Where(static text => text.Length > 0))
        {
            if (!IPEndPoint.TryParse(text, out var endpoint) || endpoint.Port == 0 || !text.EndsWith($":{endpoint.Port}", StringComparison.Ordinal) || text.Contains('%', StringComparison.Ordinal))
                return null;
            endpoints.Add(endpoint.ToString());
        }

        return endpoints.Count is 0 or > MaxEndpoints ? null : endpoints.Distinct(StringComparer.Ordinal).ToEquatableArray();
    }

    /// <summary>What of a request is sent, divided by blanks, in HAProxy's words.</summary>
    /// <returns>Null when it can't be said so.</returns>
    public static string? Arguments(string text)
    {
        var words = new List<string>();
        var sent = new HashSet<string>(StringComparer.Ordinal);
        foreach (var part in text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries))
        {
            var equals = part.IndexOf('=', StringComparison.Ordinal);
            var name = part[..(equals + 1)];
            if (equals == 0 || name.Length > MaxWord || (equals > 0 && !IsWord(name[..^1])))
                return null;
            // No request has an id here unless somebody asks for one.
            var sample = part[(equals + 1)..] switch
            {
                "unique-id" => "uuid()",
                "req.hdr(host)" or "req.fhdr(host)" => "hdr(host)",
                var other => other,
            };
            var isOnce = sent.Add(sample == "req.hdrs" ? "req.hdrs_bin" : sample);
            if (!IsFixed(sample) && !(isOnce && Known.Contains(sample, StringComparer.Ordinal)))
                return null;
            words.Add(name + sample);
        }

        return words.Count is 0 or > MaxArguments ? null : string.Join(' ', words);
    }

    private static bool IsFixed(string sample) =>
        sample.StartsWith("str(", StringComparison.Ordinal) && sample.EndsWith(')') && sample.Length <= "str()".Length + MaxWord && IsWord(sample[4..^1]);

    private static bool IsWord(string text) => text.Length > 0 && text.All(static c => char.IsAsciiLetterOrDigit(c) || c is '_' or '.' or '-');
}
