namespace MultiCluster.HAProxy.Planning;

/// <summary>One command of HAProxy's Runtime API, as data.</summary>
/// <param name="Line">The command line; every word in it is ours or from a closed alphabet, never user text.</param>
/// <param name="Payload">Lines sent with <c>&lt;&lt;</c>, without the closing blank line; holds no blank line itself.</param>
/// <param name="Expect">Which replies mean that it worked.</param>
public sealed record RuntimeCommand(string Line, string? Payload, ReplyRule Expect)
{
    /// <summary>The payload holds private keys, or is long and tells nobody anything: transcripts and logs leave it out.</summary>
    public bool IsSecret { get; init; }

    public override string ToString() => Payload is null ? Line : $"{Line} <<\n{(IsSecret ? "***" : Payload)}";
}

/// <summary>What a command prints when it worked. HAProxy's replies carry no status code.</summary>
public enum ReplyRule
{
    /// <summary>Nothing.</summary>
    Silent,

    /// <summary>"New server registered."</summary>
    ServerAdded,

    /// <summary>Nothing, or the log lines of the change ("Server x/y is going DOWN …", from 3.4 on).</summary>
    ServerState,

    /// <summary>"Server deleted.", or a refusal because connections remain: try again later.</summary>
    ServerDeleted,

    /// <summary>"New backend registered.", "Backend published.", "Backend unpublished."</summary>
    BackendChanged,

    /// <summary>"Backend deleted.", or a refusal because something still uses it: try again later.</summary>
    BackendDeleted,

    /// <summary>A store for a certificate was made, a transaction opened, committed or the object deleted.</summary>
    CertificateChanged,

    /// <summary>As above, of a file of authorities or of a revocation list.</summary>
    TrustChanged,

    /// <summary>A transaction was aborted, or there was none.</summary>
    TransactionEnded,

    /// <summary>Data of any shape, judged by whoever asked.</summary>
    Data,
}
