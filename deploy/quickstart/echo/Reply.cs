using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace MultiCluster.Quickstart.Echo;

/// <summary>Who answers, and the request as it arrived.</summary>
internal sealed record Reply(
    string Member,
    string Namespace,
    string Pod,
    string Method,
    string Path,
    string Host,
    string Proto,
    IReadOnlyDictionary<string, string> Headers)
{
    public static Reply Of(Pod pod, HttpContext context) => new(
        pod.Member,
        pod.Namespace,
        pod.Name,
        context.Request.Method,
        // As sent: Request.Path is decoded.
        context.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget,
        context.Request.Host.Value ?? "",
        context.Request.Protocol,
        context.Request.Headers
            .OrderBy(h => h.Key, StringComparer.OrdinalIgnoreCase)
            .ToDictionary(h => h.Key.ToLowerInvariant(), h => h.Value.ToString(), StringComparer.Ordinal));
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(Reply))]
internal sealed partial class ReplyJson : JsonSerializerContext;
