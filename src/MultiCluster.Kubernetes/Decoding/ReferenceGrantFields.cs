using MultiCluster.Model.Resources;

namespace MultiCluster.Kubernetes.Decoding;

/// <summary>gateway.networking.k8s.io/v1beta1 ReferenceGrant, as far as it is about Ingresses and Secrets.</summary>
internal struct ReferenceGrantFields : IObjectFields
{
    private ItemBuffer<string> _from;
    private ItemBuffer<string> _to;

    public void Read(ref FieldReader reader)
    {
        if (!reader.Is("spec"u8))
        {
            reader.Skip();
            return;
        }

        if (!reader.EnterObject())
            return;
        while (reader.NextField())
        {
            if (reader.Is("from"u8))
                ReadEntries(ref reader, "networking.k8s.io", "Ingress", "namespace"u8, isOptional: false, ref _from);
            else if (reader.Is("to"u8))
                ReadEntries(ref reader, "", "Secret", "name"u8, isOptional: true, ref _to);
            else
                reader.Skip();
        }
    }

    public readonly Resource Build(ObjectMeta meta, string? error) =>
        new ReferenceGrantResource(meta) { Ingresses = _from.ToEquatableArray(), Secrets = _to.ToEquatableArray(), DecodeError = error };

    private static void ReadEntries(ref FieldReader reader, string wantedGroup, string wantedKind, ReadOnlySpan<byte> field, bool isOptional, ref ItemBuffer<string> found)
    {
        if (!reader.EnterArray())
            return;
        while (reader.NextItem())
        {
            var (group, kind, value) = ((string?)null, (string?)null, (string?)null);
            if (!reader.EnterObject())
                continue;
            while (reader.NextField())
            {
                if (reader.Is("group"u8))
                    group = reader.SharedText();
                else if (reader.Is("kind"u8))
                    kind = reader.SharedText();
                else if (reader.Is(field))
                    value = reader.Text();
                else
                    reader.Skip();
            }

            // A namespace that is not named is none; a name that is not named is any.
            if (group == wantedGroup && kind == wantedKind && (isOptional || !string.IsNullOrEmpty(value)))
                found.Add(value ?? "");
        }
    }
}
