namespace MultiCluster.HAProxy.Runtime.Replies;

/// <param name="Line">HAProxy's number of the entry, which tells apart several of one certificate; for <c>del ssl crt-list LIST CERT:LINE</c>.</param>
/// <param name="Options">Between the brackets, or empty. The NUL that HAProxy prints after ALPN's protocols is left out.</param>
/// <param name="Filters">SNI filters, exact, wildcard or negated.</param>
public sealed record CertificateListEntry(string Certificate, int Line, string Options, IReadOnlyList<string> Filters);

/// <summary><c>show ssl crt-list -n LIST</c>: <c>/certs/b.pem:2 [alpn h2] b.example *.c.example</c>.</summary>
public static class CertificateListEntries
{
    public static Outcome<IReadOnlyList<CertificateListEntry>> Parse(string reply)
    {
        var entries = new List<CertificateListEntry>();
        foreach (var line in reply.Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            if (line.StartsWith("# ", StringComparison.Ordinal))
                continue;
            if (ParseLine(line) is not { } entry)
                return new Failure($"Not a listing of a crt-list: {ReplyText.Excerpt(reply)}");
            entries.Add(entry);
        }

        return new Outcome<IReadOnlyList<CertificateListEntry>>(entries);
    }

    private static CertificateListEntry? ParseLine(string line)
    {
        var space = line.IndexOf(' ', StringComparison.Ordinal);
        var name = space < 0 ? line : line[..space];
        var rest = space < 0 ? "" : line[(space + 1)..];
        var colon = name.LastIndexOf(':');
        if (colon <= 0 || ReplyText.Number(name.AsSpan(colon + 1)) is not { } number)
            return null;

        var options = "";
        if (rest.StartsWith('[') && rest.IndexOf(']', StringComparison.Ordinal) is var close and > 0)
        {
            options = rest[1..close].Replace("\0", "", StringComparison.Ordinal);
            rest = rest[(close + 1)..];
        }

        return new CertificateListEntry(name[..colon], number, options, rest.Split(' ', StringSplitOptions.RemoveEmptyEntries));
    }
}
