using System.Net;

namespace MultiCluster.EndToEnd.Tests.Policies;

/// <summary>An Ingress with annotations, and requests to it with the answers that they must get. A block of a file of cases.</summary>
/// <param name="Title">What the case shows.</param>
/// <param name="Annotations">Of the Ingress.</param>
/// <param name="ServiceAnnotations">Of the Service that it leads to.</param>
/// <param name="Objects">Manifests that it needs beside; <c>{ns}</c> stands for the namespace.</param>
/// <param name="HasTls">spec.tls names the host.</param>
/// <param name="IsFull">Its pod takes no connection.</param>
/// <param name="Least">Version of HAProxy that it needs; null for any.</param>
internal sealed record PolicyCase(
    string File,
    int Number,
    string Title,
    IReadOnlyList<(string Name, string Value)> Annotations,
    IReadOnlyList<(string Name, string Value)> ServiceAnnotations,
    IReadOnlyList<string> Objects,
    (string Path, string Type) Route,
    bool HasTls,
    bool IsFull,
    Version? Least,
    IReadOnlyList<Exchange> Exchanges)
{
    /// <summary>Stands for the URL of the <see cref="AuthServer"/>.</summary>
    public const string Auth = "{auth}";

    /// <summary>Paths besides, each with its Service.</summary>
    public IReadOnlyList<(string Path, string Type, string Service)> More { get; init; } = [];

    /// <summary>Services of its paths that have no pod.</summary>
    public IReadOnlyList<string> Empty { get; init; } = [];

    /// <summary>No field of its Ingress names a class.</summary>
    public bool IsUnclassed { get; init; }

    /// <summary>How many routes it comes to; more than its own where other names lead to them, or its objects have others.</summary>
    public int Routes { get; init; } = 1;

    public bool NeedsAuth => Annotations.Concat(ServiceAnnotations).Any(static item => item.Value.Contains(Auth, StringComparison.Ordinal));

    public string Host => $"{File}-{Number}.policies.test";

    public string Namespace => $"{File}-{Number}";

    /// <summary>With what is known at run time only.</summary>
    public PolicyCase With(string? auth) => this with { Annotations = Replaced(Annotations, auth), ServiceAnnotations = Replaced(ServiceAnnotations, auth) };

    /// <summary>Without what its annotations ask for.</summary>
    public PolicyCase Plain => this with { Annotations = [], ServiceAnnotations = [] };

    public IEnumerable<string> Keys => Annotations.Concat(ServiceAnnotations).Select(static item => item.Name).Distinct(StringComparer.Ordinal);

    /// <summary>A text of the case with its host, its namespace and what only a run knows of clients.</summary>
    public string Fill(string text) => ClientIdentities.Shared.Fill(text).Replace("{ns}", Namespace, StringComparison.Ordinal).Replace("{host}", Host, StringComparison.Ordinal);

    public override string ToString() => $"{File}: {Title}";

    private static IReadOnlyList<(string Name, string Value)> Replaced(IReadOnlyList<(string Name, string Value)> annotations, string? auth) =>
        [.. annotations.Select(item => (item.Name, item.Value.Replace(Auth, auth, StringComparison.Ordinal)))];
}

/// <param name="Url">As written: a path, or a URL; <c>{host}</c> and <c>{ns}</c> stand for the case's host and namespace.</param>
/// <param name="From">Address that the request comes from.</param>
/// <param name="Times">So often; the answer is that of the last.</param>
/// <param name="IsHeld">It stays under way until the others are answered, and its own answer is not waited for.</param>
internal sealed record Exchange(
    string Method,
    string Url,
    IPAddress? From,
    int Times,
    bool IsHeld,
    IReadOnlyList<(string Name, string Value)> Headers,
    int Status,
    IReadOnlyList<Expected> Expected)
{
    /// <summary>So many bytes; null for none.</summary>
    public int? Body { get; init; }

    /// <summary>The request says how long its body is.</summary>
    public bool TellsLength { get; init; } = true;

    /// <summary>Of the <see cref="ClientIdentities"/>; null shows no certificate.</summary>
    public string? As { get; init; }

    /// <summary>Name asked for in TLS; null for the URL's.</summary>
    public string? ServerName { get; init; }

    /// <summary>Words such as h2 and tls1.2: what the client offers.</summary>
    public IReadOnlyList<string> Offers { get; init; } = [];

    /// <summary>It is to be told from other requests where it is sent besides.</summary>
    public bool IsCopied => Expected.Any(static expected => expected.Place == Place.Copy);

    public TimeSpan? Within { get; init; }

    /// <summary>It takes as long at least.</summary>
    public TimeSpan Over { get; init; }

    public override string ToString() => $"{Method} {Url}{(From is null ? "" : $" from {From}")}";
}

internal enum Place
{
    /// <summary>A header of the answer.</summary>
    Answer,

    /// <summary>A header of the request, as the pod has seen it.</summary>
    Pod,

    /// <summary>The path that the pod has seen, with its query.</summary>
    PodPath,

    /// <summary>All of the answer's body; the end of a line may be a blank.</summary>
    Text,

    /// <summary>The Service that the pod is of.</summary>
    PodService,

    /// <summary>A header of the copy that the <see cref="AuthServer"/> got of the request, or ~method, ~path, ~host and ~body, its length.</summary>
    Copy,
}

/// <param name="Value">Null: it must not be there.</param>
internal sealed record Expected(Place Place, string Name, string? Value);
