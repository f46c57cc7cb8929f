using MultiCluster.Model.Policies;

namespace MultiCluster.HAProxy.Policies;

/// <summary>Where requests are sent besides. The agent reads it: proxies send copies to it, and wait for nothing.</summary>
public static class MirrorData
{
    /// <summary>What the value ends with when copies have bodies.</summary>
    public const string WithBody = "|b";

    /// <summary>Bodies that are longer, or of which nobody says how long they are, are left out: HAProxy holds no more of a request.</summary>
    public const int MaxBody = 12 * 1024;

    /// <summary>On copies, which are not copied once more.</summary>
    public const string Header = "x-multicluster-mirrored";

    internal static void Write(PolicyWriter writer, Mirror mirror)
    {
        var form = mirror.Target.IndexOf('{', StringComparison.Ordinal);
        if (ExternalData.AddressProblem(form < 0 ? mirror.Target : mirror.Target[..form]) is { } problem)
            writer.Refuse($"requests are not sent to {mirror.Target} besides: {problem}");
        else
            writer.Flag(PolicyFlags.Mirror, $"{PolicyWriter.Text(mirror.Target)}|{PolicyWriter.Text(mirror.Host ?? "")}{(mirror.Body ? WithBody : "|")}", "where requests are sent besides");
    }
}
