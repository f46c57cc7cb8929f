using MultiCluster.Model.Collections;
using MultiCluster.Model.Resources;

namespace MultiCluster.Kubernetes.Decoding;

/// <summary>core/v1 Node, whose status changes often and almost never in what counts here.</summary>
internal struct NodeFields : IObjectFields
{
    /// <summary>Well-known label; it counts whatever its value.</summary>
    private const string Excluded = "node.kubernetes.io/exclude-from-external-load-balancers";

    private bool _unschedulable;
    private bool _ready;
    private ItemBuffer<string> _internal;
    private ItemBuffer<string> _external;

    public void Read(ref FieldReader reader)
    {
        if (reader.Is("spec"u8))
            ReadSpec(ref reader);
        else if (reader.Is("status"u8))
            ReadStatus(ref reader);
        else
            reader.Skip();
    }

    public readonly Resource Build(ObjectMeta meta, string? error) => new NodeResource(meta)
    {
        TakesTraffic = _ready && !_unschedulable && !meta.Labels.ContainsKey(Excluded),
        Addresses = Addresses(),
        DecodeError = error,
    };

    private readonly EquatableArray<string> Addresses()
    {
        var (inner, outer) = (_internal.ToEquatableArray(), _external.ToEquatableArray());
        return outer.Count == 0 ? inner : [.. inner, .. outer];
    }

    private void ReadSpec(ref FieldReader reader)
    {
        if (!reader.EnterObject())
            return;
        while (reader.NextField())
        {
            if (reader.Is("unschedulable"u8))
                _unschedulable = reader.Boolean() ?? false;
            else
                reader.Skip();
        }
    }

    private void ReadStatus(ref FieldReader reader)
    {
        if (!reader.EnterObject())
            return;
        while (reader.NextField())
        {
            if (reader.Is("conditions"u8))
                ReadConditions(ref reader);
            else if (reader.Is("addresses"u8))
                ReadAddresses(ref reader);
            else
                reader.Skip();
        }
    }

    private void ReadConditions(ref FieldReader reader)
    {
        if (!reader.EnterArray())
            return;
        while (reader.NextItem())
        {
            var (type, status) = ReadPair(ref reader, "type"u8, "status"u8);
            if (string.Equals(type, "Ready", StringComparison.Ordinal))
                _ready = string.Equals(status, "True", StringComparison.Ordinal);
        }
    }

    private void ReadAddresses(ref FieldReader reader)
    {
        if (!reader.EnterArray())
            return;
        while (reader.NextItem())
        {
            var (type, address) = ReadPair(ref reader, "type"u8, "address"u8);
            if (string.IsNullOrEmpty(address))
                continue;
            if (string.Equals(type, "InternalIP", StringComparison.Ordinal))
                _internal.Add(address);
            else if (string.Equals(type, "ExternalIP", StringComparison.Ordinal))
                _external.Add(address);
        }
    }

    private static (string? First, string? Second) ReadPair(ref FieldReader reader, ReadOnlySpan<byte> first, ReadOnlySpan<byte> second)
    {
        string? one = null, two = null;
        if (!reader.EnterObject())
            return default;
        while (reader.NextField())
        {
            if (reader.Is(first))
                one = reader.SharedText();
            else if (reader.Is(second))
                two = reader.SharedText();
            else
                reader.Skip();
        }

        return (one, two);
    }
}
