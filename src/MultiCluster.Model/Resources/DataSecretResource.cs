using MultiCluster.Model.Collections;
using MultiCluster.Model.Security;

namespace MultiCluster.Model.Resources;

/// <summary>core/v1 Secret as it is read, of whatever type. Its metadata are without labels and annotations: those may repeat what it holds.</summary>
public sealed record DataSecretResource(ObjectMeta Meta) : Resource(Meta)
{
    /// <summary>Of all values together, as the API server has it.</summary>
    public const int MaxBytes = 1 << 20;

    public override ResourceKind Kind => ResourceKind.Secret;

    public string Type { get; init; } = "";

    /// <summary>In order of keys, each once.</summary>
    public EquatableArray<SecretEntry> Data { get; init; } = [];

    public bool IsTls => string.Equals(Type, TlsSecretResource.SecretType, StringComparison.Ordinal);

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

public readonly record struct SecretEntry(string Key, Secret Value);
