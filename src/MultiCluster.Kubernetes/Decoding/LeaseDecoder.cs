using System.Collections.Immutable;
using System.Text.Json;
using MultiCluster.Kubernetes.Client;

namespace MultiCluster.Kubernetes.Decoding;

/// <summary>One page of a LeaseList.</summary>
internal sealed record LeasePage(ImmutableArray<LeaseObject> Items, string? Continue, ImmutableArray<string> Problems) : IPage;

/// <summary>coordination.k8s.io/v1 Leases; total, as <see cref="ResourceDecoder"/> is. Not thread-safe.</summary>
internal sealed class LeaseDecoder
{
    private readonly Utf8StringCache _strings = new();

    public LeaseObject? Decode(ReadOnlySpan<byte> json, out string? error)
    {
        try
        {
            var reader = new FieldReader(json, _strings);
            return Read(ref reader, out error);
        }
        catch (JsonException e)
        {
            error = ResourceDecoder.NotJson(e);
            return null;
        }
    }

    public LeasePage? DecodeList(ReadOnlySpan<byte> json, out string? error)
    {
        try
        {
            var reader = new FieldReader(json, _strings);
            return ReadList(ref reader, out error);
        }
        catch (JsonException e)
        {
            error = ResourceDecoder.NotJson(e);
            return null;
        }
    }

    private static LeasePage? ReadList(ref FieldReader reader, out string? error)
    {
        string? kind = null, version = null, next = null;
        var hasItems = false;
        var items = ImmutableArray.CreateBuilder<LeaseObject>();
        var problems = ImmutableArray.CreateBuilder<string>();
        if (reader.EnterObject())
        {
            while (reader.NextField())
            {
                if (reader.Is("kind"u8))
                    kind = reader.SharedText();
                else if (reader.Is("metadata"u8))
                    ResourceDecoder.ReadListMeta(ref reader, ref version, ref next);
                else if (reader.Is("items"u8))
                    hasItems = ReadItems(ref reader, items, problems);
                else
                    reader.Skip();
            }
        }

        error = ResourceDecoder.ListError("Lease", kind, version, hasItems);
        return error is null ? new LeasePage(items.DrainToImmutable(), next, problems.DrainToImmutable()) : null;
    }

    private static bool ReadItems(ref FieldReader reader, ImmutableArray<LeaseObject>.Builder items, ImmutableArray<string>.Builder problems)
    {
        if (reader.IsNull())
            return true;
        if (!reader.EnterArray())
            return false;
        while (reader.NextItem())
        {
            if (Read(ref reader, out var problem) is { } lease)
                items.Add(lease);
            else
                problems.Add(problem!);
        }

        return true;
    }

    private static LeaseObject? Read(ref FieldReader reader, out string? error)
    {
        MetaFields meta = default;
        var spec = LeaseSpec.Empty;
        reader.StartObject();
        if (!reader.EnterObject())
        {
            error = reader.Error ?? "the object is null";
            return null;
        }

        while (reader.NextField())
        {
            if (reader.Is("metadata"u8))
                MetaDecoder.Read(ref reader, ref meta);
            else if (reader.Is("spec"u8))
                spec = ReadSpec(ref reader);
            else
                reader.Skip();
        }

        error = meta.NameError(namespaced: true, defaultNamespace: null);
        return error is null ? new LeaseObject(meta.ToMeta(namespaced: true, defaultNamespace: null)) { Spec = spec } : null;
    }

    private static LeaseSpec ReadSpec(ref FieldReader reader)
    {
        var spec = LeaseSpec.Empty;
        if (!reader.EnterObject())
            return spec;
        while (reader.NextField())
        {
            if (reader.Is("holderIdentity"u8))
                spec = spec with { HolderIdentity = reader.SharedText() };
            else if (reader.Is("leaseDurationSeconds"u8))
                spec = spec with { LeaseDurationSeconds = (int?)Clamped(reader.Integer()) };
            else if (reader.Is("renewTime"u8))
                spec = spec with { RenewTime = reader.Timestamp() };
            else if (reader.Is("leaseTransitions"u8))
                spec = spec with { LeaseTransitions = (int?)Clamped(reader.Integer()) };
            else
                reader.Skip();
        }

        return spec;
    }

    private static long? Clamped(long? value) => value is { } number ? Math.Clamp(number, int.MinValue, int.MaxValue) : null;
}
