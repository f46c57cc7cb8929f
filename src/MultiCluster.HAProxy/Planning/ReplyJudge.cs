namespace MultiCluster.HAProxy.Planning;

public enum Verdict
{
    Done,

    /// <summary>Refused for now: connections remain.</summary>
    Later,

    /// <summary>Refused, or a reply that nobody foresaw: what HAProxy holds is in doubt and must be read again.</summary>
    Doubt,
}

/// <summary>Reads HAProxy's replies, which are sentences. The words are those of 2.6, 3.0, 3.2 and 3.4.</summary>
public static class ReplyJudge
{
    public static Verdict Judge(RuntimeCommand command, string reply)
    {
        var text = reply.AsSpan().Trim();
        return command.Expect switch
        {
            ReplyRule.Silent => Done(text.IsEmpty),
            ReplyRule.ServerState => Done(IsStateLog(text)),
            ReplyRule.ServerAdded => Done(text.Contains("New server registered.", StringComparison.Ordinal)),
            ReplyRule.ServerDeleted => Deleted(text, "Server deleted."),
            ReplyRule.BackendDeleted => Deleted(text, "Backend deleted."),
            ReplyRule.BackendChanged => Done(IsBackendChange(text)),
            // Of servers that have connections and so are not gone yet.
            ReplyRule.CertificateChanged or ReplyRule.TrustChanged when text.Contains("in use, can't be deleted", StringComparison.Ordinal) => Verdict.Later,
            ReplyRule.CertificateChanged => Done(IsCertificateChange(command.Line, text)),
            ReplyRule.TrustChanged => Done(IsTrustChange(command.Line, text)),
            ReplyRule.TransactionEnded => Done(text.Contains("Transaction aborted", StringComparison.Ordinal) || text.SequenceEqual("No ongoing transaction!")),
            ReplyRule.Data => Verdict.Done,
            _ => throw new ArgumentOutOfRangeException(nameof(command)),
        };
    }

    private static Verdict Done(bool done) => done ? Verdict.Done : Verdict.Doubt;

    private static Verdict Deleted(ReadOnlySpan<char> text, string confirmation)
    {
        if (text.Contains(confirmation, StringComparison.Ordinal))
            return Verdict.Done;
        return text.Contains("cannot remove", StringComparison.OrdinalIgnoreCase)
            || text.Contains("still has", StringComparison.Ordinal)
            || text.Contains("must be unpublished", StringComparison.Ordinal)
            || text.Contains("without server", StringComparison.Ordinal)
            ? Verdict.Later
            : Verdict.Doubt;
    }

    private static bool IsStateLog(ReadOnlySpan<char> text)
    {
        foreach (var line in text.EnumerateLines())
        {
            if (!line.IsEmpty && !line.StartsWith("Server ", StringComparison.Ordinal) && !line.StartsWith("backend ", StringComparison.OrdinalIgnoreCase))
                return false;
        }

        return true;
    }

    private static bool IsBackendChange(ReadOnlySpan<char> text) =>
        text.Contains("registered.", StringComparison.Ordinal)
        || text.Contains("published.", StringComparison.Ordinal);

    private static bool IsTrustChange(ReadOnlySpan<char> line, ReadOnlySpan<char> text)
    {
        if (text.Contains("transaction created", StringComparison.OrdinalIgnoreCase) || text.Contains("transaction updated", StringComparison.OrdinalIgnoreCase))
            return text.Contains($"{line[(line.LastIndexOf(' ') + 1)..]}!", StringComparison.Ordinal);
        return text.Contains("file created", StringComparison.Ordinal)
            || text.EndsWith("Success!", StringComparison.Ordinal)
            || text.Contains("' deleted", StringComparison.Ordinal);
    }

    /// <summary>
    /// On 2.6 a <c>set ssl cert</c> of one certificate while another is being changed writes into that other one, and says so only by
    /// its name.
    /// </summary>
    private static bool IsCertificateChange(ReadOnlySpan<char> line, ReadOnlySpan<char> text)
    {
        if (text.Contains("Transaction created", StringComparison.Ordinal) || text.Contains("Transaction updated", StringComparison.Ordinal))
            return text.Contains($"for certificate {line[(line.LastIndexOf(' ') + 1)..]}!", StringComparison.Ordinal);
        return text.Contains("New empty certificate store", StringComparison.Ordinal)
            || text.Contains("Transaction aborted", StringComparison.Ordinal)
            || text.EndsWith("Success!", StringComparison.Ordinal)
            || text.Contains("' deleted", StringComparison.Ordinal);
    }
}
