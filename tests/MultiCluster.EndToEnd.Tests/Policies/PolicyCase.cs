using System.Net;

namespace MultiCluster.EndToEnd.Tests.Policies;

/// <summary>An Ingress with annotations, and requests to it with the answers that they must get. A block of a file of cases.</summary>
/// <param name="Title">What the case shows.</param>
/// <param name="Annotations">Of the Ingress.</param>
/// <param name="ServiceAnnotations">Of the Service that it leads to.</param>
/// <param name="Objects">Manifests that it needs beside; <c>{ns}</c> stands for the namespace.</param>
/// <param name="HasTls">spec.tls names the host.</param>
/// <param name="Versions">Those of HAProxy that it is for; empty for all.</param>
internal sealed record PolicyCase(
    string File,
    int Number,
    string Title,
    IReadOnlyList<(string Name, string Value)> Annotations,
    IReadOnlyList<(string Name, string Value)> ServiceAnnotations,
    IReadOnlyList<string> Objects,
    (string Path, string Type) Route,
    bool HasTls,
    Version? Least,
    IReadOnlyList<Exchange> Exchanges)
{
    public string Host => $"{File}-{Number}.policies.test";

    public string Namespace => $"{File}-{Number}";

    public override string ToString() => $"{File}: {Title}";
}

/// <param name="Url">As written: a path, or a URL; <c>{host}</c> stands for the case's host.</param>
/// <param name="From">Address that the request comes from.</param>
/// <param name="Times">So often; the answer is that of the last.</param>
internal sealed record Exchange(
    string Method,
    string Url,
    IPAddress? From,
    int Times,
    IReadOnlyList<(string Name, string Value)> Headers,
    int Status,
    IReadOnlyList<Expected> Expected)
{
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
}

/// <param name="Value">Null: it must not be there.</param>
internal sealed record Expected(Place Place, string Name, string? Value);
