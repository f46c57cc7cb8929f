using System.Text;
using MultiCluster.Kubernetes.Decoding;
using MultiCluster.Model.Collections;
using MultiCluster.Model.Resources;
using MultiCluster.Model.Security;

namespace MultiCluster.Kubernetes.Discovery;

/// <summary>A Secret of the home cluster whose values are kubeconfigs.</summary>
internal sealed record KubeConfigSecret(ObjectMeta Meta) : Resource(Meta)
{
    public override ResourceKind Kind => ResourceKind.Secret;

    /// <summary>Data keys with their values, in the order of the object.</summary>
    public EquatableArray<SecretEntry> Data { get; init; } = [];

    public Secret? Find(string key)
    {
        foreach (var entry in Data)
        {
            if (string.Equals(entry.Key, key, StringComparison.Ordinal))
                return entry.Value;
        }

        return null;
    }
}

internal sealed record SecretEntry(string Key, Secret Value);

internal struct KubeConfigSecretFields : IObjectFields
{
    private ItemBuffer<SecretEntry> _data;

    public void Read(ref FieldReader reader)
    {
        var isPlain = reader.Is("stringData"u8);
        if (!isPlain && !reader.Is("data"u8))
        {
            reader.Skip();
            return;
        }

        if (reader.IsNull() || !reader.EnterObject())
            return;
        while (reader.NextField())
        {
            var key = reader.FieldName();
            var value = isPlain ? Bytes(reader.Text()) : reader.Base64();
            if (key is not null && value is not null)
                _data.Add(new SecretEntry(key, new Secret(value)));
        }
    }

    public readonly Resource? Build(ObjectMeta meta, string? error) =>
        new KubeConfigSecret(meta) { Data = _data.ToEquatableArray(), DecodeError = error };

    private static byte[]? Bytes(string? text) => text is null ? null : Encoding.UTF8.GetBytes(text);
}
