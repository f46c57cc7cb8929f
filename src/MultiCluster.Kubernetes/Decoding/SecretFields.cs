using System.Text;
using MultiCluster.Model.Collections;
using MultiCluster.Model.Resources;
using MultiCluster.Model.Security;

namespace MultiCluster.Kubernetes.Decoding;

/// <summary>core/v1 Secret of the types that are read; any other is none of ours.</summary>
internal struct SecretFields : IObjectFields
{
    private string? _type;
    private List<SecretEntry>? _data;
    private List<SecretEntry>? _plain;

    public void Read(ref FieldReader reader)
    {
        if (reader.Is("type"u8))
            _type = reader.SharedText();
        else if (reader.Is("data"u8))
            ReadEntries(ref reader, _data = [], static (ref FieldReader value) => value.Base64());
        else if (reader.Is("stringData"u8))
            ReadEntries(ref reader, _plain = [], static (ref FieldReader value) => Bytes(value.Text()));
        else
            reader.Skip();
    }

    public readonly Resource? Build(ObjectMeta meta, string? error)
    {
        var type = string.IsNullOrEmpty(_type) ? SecretTypes.Default : _type;
        if (!SecretTypes.IsWanted(type))
            return null;
        var data = Data(type);
        var isTooLarge = data.Sum(static entry => (long)entry.Value.Length) > DataSecretResource.MaxBytes;
        return new DataSecretResource(meta with { Labels = EquatableMap.Empty, Annotations = EquatableMap.Empty })
        {
            Type = type,
            Data = isTooLarge ? [] : data,
            DecodeError = error ?? (isTooLarge ? $"data: expected at most {DataSecretResource.MaxBytes} bytes" : null),
        };
    }

    /// <summary>stringData overrides data, as the API server does on writes; the API server gives data alone, in order of keys.</summary>
    private readonly EquatableArray<SecretEntry> Data(string type)
    {
        if (_data is null && _plain is null)
            return [];
        var entries = new SortedDictionary<string, Secret>(StringComparer.Ordinal);
        foreach (var (key, value) in (_data ?? []).Concat(_plain ?? []))
        {
            if (SecretTypes.IsWanted(type, key))
                entries[key] = value;
        }

        return entries.Select(static entry => new SecretEntry(entry.Key, entry.Value)).ToEquatableArray();
    }

    private delegate byte[]? ReadValue(ref FieldReader reader);

    private static void ReadEntries(ref FieldReader reader, List<SecretEntry> entries, ReadValue read)
    {
        if (!reader.EnterObject())
            return;
        while (reader.NextField())
        {
            if (reader.FieldName() is not { } key)
                reader.Skip();
            else if (read(ref reader) is { } value)
                entries.Add(new SecretEntry(key, new Secret(value)));
        }
    }

    private static byte[]? Bytes(string? text) => text is null ? null : Encoding.UTF8.GetBytes(text);
}
