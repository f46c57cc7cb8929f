namespace MultiCluster.Cli.Api;

/// <summary>The body of a 200, or an error for people.</summary>
internal readonly record struct Answer(ReadOnlyMemory<byte> Body, string? Error);
