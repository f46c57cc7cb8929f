using MultiCluster.Model.Collections;
using MultiCluster.Model.Resources;

namespace MultiCluster.Kubernetes.Decoding;

/// <summary>spec.placement of a FederatedIngress.</summary>
internal static class FederatedPlacementDecoder
{
    public static FederatedPlacement? Read(ref FieldReader reader)
    {
        var names = default(ItemBuffer<string>);
        var labels = EquatableMap.Empty;
        if (reader.IsNull() || !reader.EnterObject())
            return null;
        while (reader.NextField())
        {
            if (reader.Is("clusterNames"u8))
                ReadNames(ref reader, ref names);
            else if (reader.Is("clusterSelector"u8))
                labels = ReadSelector(ref reader);
            else
                reader.Skip();
        }

        return new FederatedPlacement(names.ToEquatableArray(), labels);
    }

    private static void ReadNames(ref FieldReader reader, ref ItemBuffer<string> names)
    {
        if (!reader.EnterArray())
            return;
        while (reader.NextItem())
        {
            if (reader.SharedText() is { } name)
                names.Add(name);
        }
    }

    private static EquatableMap ReadSelector(ref FieldReader reader)
    {
        var labels = EquatableMap.Empty;
        if (reader.IsNull() || !reader.EnterObject())
            return labels;
        while (reader.NextField())
        {
            if (reader.Is("matchLabels"u8))
                labels = MetaDecoder.ReadMap(ref reader);
            else if (reader.Is("matchExpressions"u8))
                reader.Refuse("matchLabels in its place");
            else
                reader.Skip();
        }

        return labels;
    }
}
