namespace MultiCluster.HAProxy.Runtime.Replies;

/// <summary><c>show ssl ca-file</c>, which tells of each how many certificates it holds, and <c>show ssl crl-file</c>.</summary>
/// <param name="Names">What HAProxy holds.</param>
/// <param name="Transaction">Begun and not yet committed, or null.</param>
public sealed record TrustNames(IReadOnlyList<string> Names, string? Transaction)
{
    public static Outcome<TrustNames> Parse(string reply)
    {
        var names = new List<string>();
        string? transaction = null;
        foreach (var line in reply.Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            if (line.StartsWith("# ", StringComparison.Ordinal))
                continue;
            var end = line.IndexOf(" - ", StringComparison.Ordinal);
            var name = end < 0 ? line : line[..end];
            if (name.StartsWith('*'))
                transaction = name[1..];
            else
                names.Add(name);
        }

        return reply.Length == 0 || reply.StartsWith("# ", StringComparison.Ordinal)
            ? new TrustNames(names, transaction)
            : new Failure($"Not a listing of authorities: {ReplyText.Excerpt(reply)}");
    }
}
