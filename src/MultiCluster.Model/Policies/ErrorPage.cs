using MultiCluster.Model.Collections;

namespace MultiCluster.Model.Policies;

/// <summary>What clients get when the proxy itself answers with a status; the answers of endpoints stay as they are.</summary>
/// <param name="Status">Of the answer that it takes the place of.</param>
/// <param name="Code">That clients see, mostly the same; 200 to 599.</param>
/// <param name="Reason">Printable ASCII; empty: the usual one.</param>
/// <param name="Headers">All that it has, in order, but for those that HAProxy frames it with; each is added.</param>
/// <param name="Body">Base64url of at most <see cref="MaxBytes"/> bytes.</param>
public sealed record ErrorPage(int Status, int Code, string Reason, EquatableArray<HeaderChange> Headers, string Body)
{
    /// <summary>Of a body: encoded it has to fit into a command to HAProxy, and with its headers into a buffer.</summary>
    public const int MaxBytes = 9000;

    /// <summary>Characters of reason and headers.</summary>
    public const int MaxHead = 2048;
}
