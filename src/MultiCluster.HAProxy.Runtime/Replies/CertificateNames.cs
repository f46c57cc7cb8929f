namespace MultiCluster.HAProxy.Runtime.Replies;

/// <summary><c>show ssl cert</c>.</summary>
/// <param name="Names">What HAProxy holds, with new but still empty ones.</param>
/// <param name="Transaction">Changed by <c>set ssl cert</c> and not yet committed, or null.</param>
public sealed record CertificateNames(IReadOnlyList<string> Names, string? Transaction)
{
    public static Outcome<CertificateNames> Parse(string reply)
    {
        var names = new List<string>();
        string? transaction = null;
        foreach (var line in reply.Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            if (line.StartsWith('*'))
                transaction = line[1..];
            else if (!line.StartsWith("# ", StringComparison.Ordinal))
                names.Add(line);
        }

        return reply.Length == 0 || reply.StartsWith("# ", StringComparison.Ordinal)
            ? new CertificateNames(names, transaction)
            : new Failure($"Not a listing of certificates: {ReplyText.Excerpt(reply)}");
    }
}
