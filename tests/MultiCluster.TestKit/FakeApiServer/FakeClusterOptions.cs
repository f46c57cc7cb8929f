using MultiCluster.Kubernetes.Client;

namespace MultiCluster.TestKit.FakeApiServer;

public enum FakeAuthentication
{
    None,
    Token,
    ClientCertificate,
}

public enum GoneAnswer
{
    /// <summary>HTTP 410 instead of a watch.</summary>
    Status,

    /// <summary>A watch that opens and whose first event is an ERROR.</summary>
    Event,
}

public sealed record FakeClusterOptions
{
    public string Name { get; init; } = "fake";

    /// <summary>TLS with HTTP/2 by ALPN; otherwise HTTP/1.1 in the clear.</summary>
    public bool Https { get; init; }

    /// <summary>Client certificates need <see cref="Https"/>.</summary>
    public FakeAuthentication Authentication { get; init; }

    /// <summary>Bodies of lists from this size are compressed when the client takes it; 128 KiB as in the API server.</summary>
    public int GzipFrom { get; init; } = 128 * 1024;

    /// <summary>Events of one kind that a watch can go back to.</summary>
    public int History { get; init; } = 10_000;

    public GoneAnswer GoneAnswer { get; init; } = GoneAnswer.Event;

    public TimeSpan BookmarkInterval { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>Whether our CustomResourceDefinitions are installed at the start.</summary>
    public bool HasCustomResources { get; init; } = true;

    /// <summary>Beside those that are built in, and ours.</summary>
    public IReadOnlyList<ResourcePath> ExtraResources { get; init; } = [];

    public TimeProvider Time { get; init; } = TimeProvider.System;
}
