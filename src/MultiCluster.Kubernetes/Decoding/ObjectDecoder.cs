using MultiCluster.Model.Resources;

namespace MultiCluster.Kubernetes.Decoding;

/// <summary>The fields of one kind beside its metadata.</summary>
internal interface IObjectFields
{
    /// <summary>Reads or skips the value of the reader's current top-level field.</summary>
    void Read(ref FieldReader reader);

    /// <summary>Null for an object that is none of ours.</summary>
    Resource? Build(ObjectMeta meta, string? error);
}

internal static class ObjectDecoder
{
    public static DecodeResult Decode<TFields>(ref FieldReader reader, string? defaultNamespace, out MetaFields meta)
        where TFields : struct, IObjectFields => Decode<TFields>(ref reader, namespaced: true, defaultNamespace, out meta);

    public static DecodeResult DecodeClusterWide<TFields>(ref FieldReader reader, string? defaultNamespace, out MetaFields meta)
        where TFields : struct, IObjectFields => Decode<TFields>(ref reader, namespaced: false, defaultNamespace, out meta);

    private static DecodeResult Decode<TFields>(ref FieldReader reader, bool namespaced, string? defaultNamespace, out MetaFields meta)
        where TFields : struct, IObjectFields
    {
        meta = default;
        var fields = default(TFields);
        reader.StartObject();
        if (!reader.EnterObject())
            return new DecodeResult(null, reader.Error ?? "the object is null");
        while (reader.NextField())
        {
            if (reader.Is("metadata"u8))
                MetaDecoder.Read(ref reader, ref meta);
            else
                fields.Read(ref reader);
        }

        return meta.NameError(namespaced, defaultNamespace) is { } error
            ? new DecodeResult(null, error)
            : new DecodeResult(fields.Build(meta.ToMeta(namespaced, defaultNamespace), reader.Error), null);
    }
}
