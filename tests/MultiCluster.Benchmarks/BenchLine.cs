using System.Text.Json;
using System.Text.Json.Serialization;

namespace MultiCluster.Benchmarks;

/// <summary>The one line on standard output; a field that does not apply is left out.</summary>
internal sealed record BenchLine(string Bench, string Haproxy)
{
    private static readonly JsonSerializerOptions Format = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    };

    public double? P50Ms { get; init; }

    public double? P99Ms { get; init; }

    public double? RatePerS { get; init; }

    /// <summary>Ours ÷ the reference measured in the same run.</summary>
    public double? Ratio { get; init; }

    /// <summary>The same of each part that was measured, by name.</summary>
    public IReadOnlyDictionary<string, double>? Ratios { get; init; }

    /// <summary>Microseconds of HAProxy's CPU a request, by name.</summary>
    public IReadOnlyDictionary<string, double>? CpuUs { get; init; }

    public long? Reloads { get; init; }

    public long? FailedRequests { get; init; }

    public double? RssMib { get; init; }

    /// <summary>The most that was ever resident.</summary>
    public double? RssPeakMib { get; init; }

    public double? Seconds { get; init; }

    /// <summary>Started again with all members down: until HAProxy listens.</summary>
    public double? RestartListeningSeconds { get; init; }

    /// <summary>The same, until everything that was stored is served.</summary>
    public double? RestartSeconds { get; init; }

    /// <summary>After SIGTERM, until others own all shards.</summary>
    public double? LeaveSeconds { get; init; }

    /// <summary>Resident memory of our process, of each endpoint that it knows.</summary>
    public double? BytesPerEndpoint { get; init; }

    /// <summary>After all API servers came back in one moment, until all that changed meanwhile is served.</summary>
    public double? ReconnectSeconds { get; init; }

    /// <summary>The most that waited.</summary>
    public Support.Queues? Queues { get; init; }

    public override string ToString() => JsonSerializer.Serialize(this, Format);
}
