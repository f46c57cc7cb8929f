using System.Buffers;
using System.Collections.Immutable;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using YamlDotNet.Core;

namespace MultiCluster.Kubernetes.Yaml;

/// <summary>One document of a manifest as JSON.</summary>
/// <param name="Line">Where it starts, from 1.</param>
public readonly record struct ManifestDocument(ReadOnlyMemory<byte> Json, int Line);

/// <summary>The documents of a text, or where and why it is malformed.</summary>
public sealed record ManifestText(ImmutableArray<ManifestDocument> Documents, string? Error, int ErrorLine)
{
    private static readonly JsonWriterOptions WriterOptions = new()
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        MaxDepth = YamlTreeReader.MaxDepth + 8,
    };

    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>YAML or JSON, one or several documents, told apart by the first character as kubectl does. Total.</summary>
    public static ManifestText Parse(ReadOnlySpan<byte> utf8)
    {
        if (utf8.StartsWith("\uFEFF"u8))
            utf8 = utf8[3..];
        var start = utf8.IndexOfAnyExcept(" \t\r\n"u8);
        if (start < 0)
            return new ManifestText([], null, 0);
        if (utf8[start] == (byte)'{' && ReadJson(utf8) is { Error: null } json)
            return json;
        try
        {
            return ReadYaml(Strict.GetString(utf8));
        }
        catch (DecoderFallbackException)
        {
            return Malformed("the text is not UTF-8", 1);
        }
    }

    private static ManifestText Malformed(string error, int line) => new([], error, line);

    private static ManifestText ReadJson(ReadOnlySpan<byte> utf8)
    {
        var documents = ImmutableArray.CreateBuilder<ManifestDocument>();
        try
        {
            var reader = new Utf8JsonReader(utf8, new JsonReaderOptions { AllowMultipleValues = true, MaxDepth = YamlTreeReader.MaxDepth });
            while (reader.Read())
            {
                var start = (int)reader.TokenStartIndex;
                reader.Skip();
                var line = utf8[..start].Count((byte)'\n') + 1;
                documents.Add(new ManifestDocument(utf8[start..(int)reader.BytesConsumed].ToArray(), line));
            }

            return new ManifestText(documents.DrainToImmutable(), null, 0);
        }
        catch (JsonException e)
        {
            return Malformed("malformed JSON", (int)(e.LineNumber ?? 0) + 1);
        }
    }

    private static ManifestText ReadYaml(string text)
    {
        var documents = ImmutableArray.CreateBuilder<ManifestDocument>();
        try
        {
            var reader = new YamlTreeReader(new Parser(new StringReader(text)));
            while (reader.ReadDocument() is { } root)
                documents.Add(new ManifestDocument(ToJson(root), root.Line));
            return new ManifestText(documents.DrainToImmutable(), null, 0);
        }
        catch (YamlException e)
        {
            return Malformed(e.Message.ReplaceLineEndings(" "), (int)e.Start.Line);
        }
        catch (Exception e) when (e is InvalidOperationException or ArgumentException or FormatException or JsonException)
        {
            // The scanner has corners that throw something else: the text is malformed, whatever the type.
            return Malformed($"malformed YAML ({e.Message.ReplaceLineEndings(" ")})", 1);
        }
    }

    private static byte[] ToJson(YamlNode root)
    {
        var buffer = new ArrayBufferWriter<byte>(1024);
        using var json = new Utf8JsonWriter(buffer, WriterOptions);
        new YamlJsonWriter(json).Write(root);
        json.Flush();
        return buffer.WrittenSpan.ToArray();
    }
}
