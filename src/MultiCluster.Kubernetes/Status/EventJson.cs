using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using MultiCluster.Kubernetes.Client;
using MultiCluster.Model.Identity;

namespace MultiCluster.Kubernetes.Status;

/// <summary>Request bodies about Events, in the bounds that the API server checks.</summary>
internal static class EventJson
{
    private const int MaxNote = 1024;
    private const int MaxReason = 128;

    /// <summary>Events about what has no namespace are in this one.</summary>
    public static string NamespaceOf(EventReport report) => report.Object.Namespace.Length > 0 ? report.Object.Namespace : "default";

    /// <summary>The same for the same event, so that a restart finds it again.</summary>
    public static string NameOf(EventReport report)
    {
        var hash = SHA256.HashData(Encoding.UTF8.GetBytes($"{report.Kind.Kind}\n{report.Uid}\n{report.Reason}\n{report.Message}"));
        var name = report.Object.Name;
        return $"{(name.Length > 200 ? name[..200].TrimEnd('.', '-') : name)}.{Convert.ToHexStringLower(hash, 0, 8)}";
    }

    public static ReadOnlyMemory<byte> Create(EventReport report, ObjectKey key, string reporter, string instance, DateTimeOffset now) => JsonBody.Of(json =>
    {
        json.WriteString("apiVersion", ResourcePath.Events.ApiVersion);
        json.WriteString("kind", ResourcePath.Events.Kind);
        json.WriteStartObject("metadata");
        json.WriteString("name", key.Name);
        json.WriteString("namespace", key.Namespace);
        json.WriteEndObject();
        json.WriteString("eventTime", MicroTime(now));
        json.WriteString("type", report.IsWarning ? "Warning" : "Normal");
        json.WriteString("reason", Cut(report.Reason, MaxReason));
        json.WriteString("action", Cut(report.Action, MaxReason));
        json.WriteString("note", Cut(report.Message, MaxNote));
        json.WriteString("reportingController", reporter);
        json.WriteString("reportingInstance", Cut(instance, MaxReason));
        json.WriteStartObject("regarding");
        json.WriteString("apiVersion", report.Kind.ApiVersion);
        json.WriteString("kind", report.Kind.Kind);
        json.WriteString("name", report.Object.Name);
        if (report.Object.Namespace.Length > 0)
            json.WriteString("namespace", report.Object.Namespace);
        if (report.Uid.Length > 0)
            json.WriteString("uid", report.Uid);
        json.WriteEndObject();
    });

    public static ReadOnlyMemory<byte> Series(int count, DateTimeOffset now) => JsonBody.Of(json =>
    {
        json.WriteStartObject("series");
        json.WriteNumber("count", Math.Max(2, count));
        json.WriteString("lastObservedTime", MicroTime(now));
        json.WriteEndObject();
    });

    public static int CountOf(byte[] json)
    {
        using var document = JsonText.Parse(json);
        return document is not null && JsonText.Field(JsonText.Field(document.RootElement, "series"), "count") is { ValueKind: JsonValueKind.Number } number
            && number.TryGetInt32(out var count)
            ? count
            : 1;
    }

    private static string MicroTime(DateTimeOffset time) => time.ToUniversalTime().ToString("yyyy-MM-dd'T'HH:mm:ss.ffffff'Z'", CultureInfo.InvariantCulture);

    /// <summary>The API server counts bytes.</summary>
    private static string Cut(string text, int max)
    {
        if (Encoding.UTF8.GetByteCount(text) <= max)
            return text;
        var length = Math.Min(text.Length, max - 3);
        while (Encoding.UTF8.GetByteCount(text.AsSpan(0, length)) > max - 3 || char.IsHighSurrogate(text[length - 1]))
            length--;
        return text[..length] + "...";
    }
}
