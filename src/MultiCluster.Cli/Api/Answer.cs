namespace MultiCluster.Cli.Api;

/// <summary>The body of a 200, or an error for people.</summary>
internal readonly record struct Answer(ReadOnlyMemory<byte> Body, string? Error);

/// <summary>The body of a 200 and what it says, or an error for people.</summary>
/// <param name="View">Null with an error.</param>
internal readonly record struct Answer<T>(T? View, ReadOnlyMemory<byte> Body, string? Error)
    where T : class;
