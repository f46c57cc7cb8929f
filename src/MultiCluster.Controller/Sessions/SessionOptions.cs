namespace MultiCluster.Controller.Sessions;

public sealed record SessionOptions
{
    public int RowsPerMessage { get; init; } = 512;

    /// <summary>In bytes, estimated; a message of one row may be larger.</summary>
    public long MessageWeight { get; init; } = 1 << 20;

    /// <summary>In bytes, estimated: a larger row is not sent, so that it can't stop the others.</summary>
    public long RowWeight { get; init; } = Wire.WireLimits.MaxMessage / 4 * 3;

    /// <summary>Of silence, after which digests are compared.</summary>
    public TimeSpan Heartbeat { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>What a proxy has told of its sessions counts for so long; during a drain it tells each second.</summary>
    public TimeSpan LoadsLife { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>For an answer; then the connection is given up.</summary>
    public TimeSpan AnswerTimeout { get; init; } = TimeSpan.FromSeconds(20);
}
