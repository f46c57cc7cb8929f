using MultiCluster.Model.Collections;
using MultiCluster.Model.Identity;
using MultiCluster.Model.Resources;

namespace MultiCluster.Kubernetes.Decoding;

/// <summary>metadata as read, before anyone has judged its names.</summary>
internal struct MetaFields
{
    public string? Name;
    public string? Namespace;
    public string? Uid;
    public string? ResourceVersion;
    public long Generation;
    public DateTimeOffset? Created;
    public EquatableMap? Labels;
    public EquatableMap? Annotations;

    /// <summary>Why these can't name an object; null when they can.</summary>
    public readonly string? NameError(bool namespaced, string? defaultNamespace)
    {
        if (string.IsNullOrEmpty(Name))
            return "metadata.name is missing";
        if (!DnsNames.IsSubdomain(Name))
            return $"metadata.name {Quoted.Text(Name)} is no DNS-1123 subdomain";
        if (!namespaced)
            return null;
        var space = string.IsNullOrEmpty(Namespace) ? defaultNamespace : Namespace;
        if (string.IsNullOrEmpty(space))
            return $"metadata.namespace of {Quoted.Text(Name)} is missing";
        return DnsNames.IsLabel(space) ? null : $"metadata.namespace {Quoted.Text(space)} of {Quoted.Text(Name)} is no DNS-1123 label";
    }

    public readonly ObjectMeta ToMeta(bool namespaced, string? defaultNamespace)
    {
        var space = namespaced ? string.IsNullOrEmpty(Namespace) ? defaultNamespace! : Namespace : "";
        return new ObjectMeta(new ObjectKey(space, Name!))
        {
            Uid = Uid ?? "",
            ResourceVersion = ResourceVersion ?? "",
            Generation = Generation,
            CreationTimestamp = Created,
            Labels = Labels ?? EquatableMap.Empty,
            Annotations = Annotations ?? EquatableMap.Empty,
        };
    }
}

internal static class MetaDecoder
{
    /// <summary>kubectl's copy of the whole object: as large as the object and of no use here.</summary>
    private static readonly string LastApplied = "kubectl.kubernetes.io/last-applied-configuration";

    public static void Read(ref FieldReader reader, ref MetaFields meta)
    {
        if (!reader.EnterObject())
            return;
        while (reader.NextField())
        {
            if (reader.Is("name"u8))
                meta.Name = reader.SharedText();
            else if (reader.Is("namespace"u8))
                meta.Namespace = reader.SharedText();
            else if (reader.Is("labels"u8))
                meta.Labels = ReadMap(ref reader);
            else if (reader.Is("annotations"u8))
                meta.Annotations = ReadMap(ref reader);
            else
                ReadStamp(ref reader, ref meta);
        }
    }

    private static void ReadStamp(ref FieldReader reader, ref MetaFields meta)
    {
        if (reader.Is("uid"u8))
            meta.Uid = reader.SharedText();
        else if (reader.Is("resourceVersion"u8))
            meta.ResourceVersion = reader.Text();
        else if (reader.Is("generation"u8))
            meta.Generation = reader.Integer() ?? 0;
        else if (reader.Is("creationTimestamp"u8))
            meta.Created = reader.Timestamp();
        else
            reader.Skip();
    }

    public static EquatableMap ReadMap(ref FieldReader reader)
    {
        if (!reader.EnterObject())
            return EquatableMap.Empty;
        var items = new KeyValuePair<string, string>[4];
        var count = 0;
        while (reader.NextField())
        {
            var key = reader.FieldName();
            if (key is null || string.Equals(key, LastApplied, StringComparison.Ordinal))
            {
                reader.Skip();
                continue;
            }

            if (count == items.Length)
                Array.Resize(ref items, count * 2);
            items[count++] = new KeyValuePair<string, string>(key, reader.SharedText() ?? "");
        }

        return EquatableMap.From(items.AsSpan(0, count));
    }
}
