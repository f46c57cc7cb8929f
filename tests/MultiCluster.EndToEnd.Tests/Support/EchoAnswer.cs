using System.Net;
using System.Security.Cryptography.X509Certificates;

namespace MultiCluster.EndToEnd.Tests.Support;

/// <summary>What a pod says of the request that reached it and of itself.</summary>
internal sealed record EchoAnswer(
    string Path,
    string Host,
    string Method,
    string Proto,
    Dictionary<string, string> Headers,
    string Member,
    string Namespace,
    string Ingress,
    string Service,
    string Pod,
    int Port,
    string Tls);

/// <summary>An answer of the proxy: of a pod behind it, or its own.</summary>
/// <param name="Echo">Null when no pod answered.</param>
/// <param name="Leaf">Certificate that was served; null without TLS.</param>
internal sealed record Answer(
    HttpStatusCode Status,
    Version Version,
    IReadOnlyDictionary<string, string> Headers,
    EchoAnswer? Echo,
    string Body,
    X509Certificate2? Leaf)
{
    public string? Service => Echo?.Service;

    public override string ToString() => Echo is { } echo
        ? $"{(int)Status} of {echo.Member}/{echo.Namespace}/{echo.Service}/{echo.Pod}"
        : $"{(int)Status} \"{Body.Trim()}\"";
}
