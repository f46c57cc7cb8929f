using MultiCluster.Model.Collections;
using MultiCluster.Model.Resources;

namespace MultiCluster.Kubernetes.Decoding;

/// <summary>core/v1 ConfigMap; who asks for one reads its <c>data</c>.</summary>
internal struct ConfigMapFields : IObjectFields
{
    private List<KeyValuePair<string, string>>? _data;

    public void Read(ref FieldReader reader)
    {
        if (!reader.Is("data"u8))
        {
            reader.Skip();
            return;
        }

        _data = [];
        if (!reader.EnterObject())
            return;
        while (reader.NextField())
        {
            if (reader.FieldName() is not { } key)
                reader.Skip();
            else if (reader.Text() is { } value)
                _data.Add(KeyValuePair.Create(key, value));
        }
    }

    public readonly Resource Build(ObjectMeta meta, string? error)
    {
        var isTooLarge = (_data?.Sum(static item => (long)item.Key.Length + item.Value.Length) ?? 0) > ConfigMapResource.MaxLength;
        return new ConfigMapResource(meta with { Labels = EquatableMap.Empty, Annotations = EquatableMap.Empty })
        {
            Data = _data is null || isTooLarge ? EquatableMap.Empty : EquatableMap.From((IEnumerable<KeyValuePair<string, string>>)_data),
            DecodeError = error ?? (isTooLarge ? $"data: expected at most {ConfigMapResource.MaxLength} characters" : null),
        };
    }
}
