using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace MultiCluster.Kubernetes.Client;

/// <summary>Request bodies.</summary>
internal static class JsonBody
{
    // An annotation that holds JSON would be twice as long with every quote as \u0022.
    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <param name="write">The fields of the object.</param>
    public static ReadOnlyMemory<byte> Of(Action<Utf8JsonWriter> write)
    {
        var buffer = new ArrayBufferWriter<byte>(1024);
        using var json = new Utf8JsonWriter(buffer, Options);
        json.WriteStartObject();
        write(json);
        json.WriteEndObject();
        json.Flush();
        return buffer.WrittenMemory;
    }
}
