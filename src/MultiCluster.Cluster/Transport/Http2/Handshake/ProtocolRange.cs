namespace MultiCluster.Cluster.Transport.Http2.Handshake;

/// <summary>Versions of the messages that a build can speak: its own and the one before, so that builds next to each other can talk.</summary>
internal readonly record struct ProtocolRange(int Lowest, int Highest)
{
    public static ProtocolRange Around(int version) => new(Math.Max(1, version - 1), version);

    /// <returns>The highest that both speak; null if there is none.</returns>
    public int? Agree(ProtocolRange other)
    {
        var version = Math.Min(Highest, other.Highest);
        return version >= Lowest && version >= other.Lowest ? version : null;
    }

    public override string ToString() => Lowest == Highest ? $"{Highest}" : $"{Lowest} to {Highest}";
}
