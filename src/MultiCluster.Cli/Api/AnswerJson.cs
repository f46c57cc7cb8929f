using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using MultiCluster.Cli.Output;
using MultiCluster.Model.Admin;

namespace MultiCluster.Cli.Api;

/// <summary>Reads what a server sent, which may be another program than we think.</summary>
internal static class AnswerJson
{
    // A null where the view has none would only surface later, as a crash while printing.
    private static readonly JsonSerializerOptions Options = new(AdminJson.Default.Options)
    {
        RespectNullableAnnotations = true,
        RespectRequiredConstructorParameters = true,
    };

    // The default encoder would turn "+" and "&" into escape sequences, which the server did not write.
    private static readonly JsonWriterOptions Indented = new()
    {
        Indented = true,
        NewLine = "\n",
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    public static bool TryRead<T>(ReadOnlySpan<byte> body, [NotNullWhen(true)] out T? view, out string problem)
    {
        view = default;
        problem = "null";
        try
        {
            view = JsonSerializer.Deserialize(body, (JsonTypeInfo<T>)Options.GetTypeInfo(typeof(T)));
        }
        catch (JsonException e)
        {
            problem = e.Path is { Length: > 0 } path ? $"unexpected JSON at {path}" : "no JSON";
        }
        return view is not null;
    }

    /// <summary>A list with those of its items that are wanted, as the server wrote them.</summary>
    /// <param name="list">An array: it has been read as a list before.</param>
    /// <param name="wanted">Gets an item's place in the list.</param>
    public static byte[] Pick(ReadOnlyMemory<byte> list, Func<int, bool> wanted)
    {
        using var document = JsonDocument.Parse(list);
        var buffer = new ArrayBufferWriter<byte>(list.Length);
        using (var writer = new Utf8JsonWriter(buffer, Indented))
        {
            writer.WriteStartArray();
            foreach (var (place, item) in document.RootElement.EnumerateArray().Index())
            {
                if (wanted(place))
                    item.WriteTo(writer);
            }
            writer.WriteEndArray();
        }
        return buffer.WrittenSpan.ToArray();
    }

    /// <summary>The same document, indented, with nothing in it that a terminal would obey. Null if it is none.</summary>
    public static string? Indent(ReadOnlySpan<byte> body)
    {
        try
        {
            var reader = new Utf8JsonReader(body);
            using var document = JsonDocument.ParseValue(ref reader);
            if (reader.Read())
                return null;
            var buffer = new ArrayBufferWriter<byte>(body.Length * 2);
            using (var writer = new Utf8JsonWriter(buffer, Indented))
                document.WriteTo(writer);
            return SafeText.OfJson(Encoding.UTF8.GetString(buffer.WrittenSpan));
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
