namespace MultiCluster.HAProxy.Program;

/// <summary>
/// What a configuration of ours says of itself in the global <c>description</c>; read back from a running HAProxy through
/// <c>show info</c>.
/// </summary>
/// <param name="Hash">Of the program's whole text. Another one takes a reload.</param>
/// <param name="Layout">
/// Of what commands rely on: names and meaning of the maps, and where backends come from. With an equal one every command
/// means in that HAProxy what it means in ours, whatever else differs.
/// </param>
/// <param name="HasTls">There is a certificate list.</param>
public sealed record ProgramIdentity(string Hash, string Layout, bool HasTls)
{
    private const string Prefix = "multicluster program ";
    private const string Tls = "tls";
    private const string Plain = "plain";

    /// <summary>Null for a HAProxy that is not ours, or of a version of ours that said less.</summary>
    public static ProgramIdentity? Parse(string description) =>
        description.StartsWith(Prefix, StringComparison.Ordinal)
        && description[Prefix.Length..].Split(' ') is [var hash, "layout", var layout, (Tls or Plain) and var listens]
            ? new ProgramIdentity(hash, layout, listens == Tls)
            : null;

    public override string ToString() => $"{Prefix}{Hash} layout {Layout} {(HasTls ? Tls : Plain)}";
}
