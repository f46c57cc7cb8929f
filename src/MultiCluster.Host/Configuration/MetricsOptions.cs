using MultiCluster.Controller.Metrics.Traffic;
using MultiCluster.Hocon;

namespace MultiCluster.Host.Configuration;

/// <param name="Listen">An address of its own, besides that of the admin API; null: none.</param>
/// <param name="Otlp">Null: metrics are not sent anywhere.</param>
public sealed record MetricsOptions(string? Listen, TrafficMetricsOptions Traffic, OtlpOptions? Otlp)
{
    internal static MetricsOptions Read(HoconDocument document, List<HoconError> errors)
    {
        const string Limit = "metrics.endpoint-limit";
        var limit = document.GetInt(Limit);
        if (limit < 0)
            errors.Add(document.Error(Limit, "must be at least 0"));
        return new MetricsOptions(Address(document, errors), new TrafficMetricsOptions(document.GetBoolean("metrics.endpoints"), limit), OtlpOptions.Read(document, errors));
    }

    private static string? Address(HoconDocument document, List<HoconError> errors)
    {
        const string Path = "metrics.listen";
        if (!document.Has(Path))
            return null;
        var text = document.GetString(Path);
        if (ListenAddress.Parse(text) is { } endpoint)
            return endpoint.ToString();
        errors.Add(document.Error(Path, $"is \"{text}\", which is no address with a port such as \"127.0.0.1:9072\" or \"*:9072\""));
        return null;
    }
}

/// <summary>Where a collector takes metrics by OTLP.</summary>
/// <param name="IsHttp">Protobuf over HTTP/1.1, and not gRPC.</param>
public sealed record OtlpOptions(Uri Endpoint, bool IsHttp, TimeSpan Interval)
{
    private static readonly TimeSpan Longest = TimeSpan.FromHours(1);

    internal static OtlpOptions? Read(HoconDocument document, List<HoconError> errors)
    {
        var protocol = document.GetString("metrics.otlp.protocol");
        if (protocol is not ("grpc" or "http"))
            errors.Add(document.Error("metrics.otlp.protocol", $"must be one of grpc, http, but is \"{protocol}\""));
        var interval = document.GetDuration("metrics.otlp.interval");
        if (interval < TimeSpan.FromSeconds(1) || interval > Longest)
            errors.Add(document.Error("metrics.otlp.interval", $"must be between 1s and {Longest}"));
        if (!document.Has("metrics.otlp.endpoint"))
            return null;
        if (Uri.TryCreate(document.GetString("metrics.otlp.endpoint"), UriKind.Absolute, out var endpoint) && endpoint.Scheme is "http" or "https")
            return new OtlpOptions(endpoint, protocol == "http", interval);
        errors.Add(document.Error("metrics.otlp.endpoint", "is no URL of a collector such as \"http://127.0.0.1:4317\""));
        return null;
    }
}
