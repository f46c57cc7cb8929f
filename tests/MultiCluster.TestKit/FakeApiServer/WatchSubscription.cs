using System.Collections.Immutable;
using System.Threading.Channels;

namespace MultiCluster.TestKit.FakeApiServer;

/// <summary>One open watch: what is published to it waits in its channel.</summary>
internal sealed class WatchSubscription(ObjectFilter filter, bool wantsBookmarks)
{
    private readonly Channel<WatchRecord> _records = Channel.CreateUnbounded<WatchRecord>(
        new UnboundedChannelOptions { SingleReader = true, AllowSynchronousContinuations = false });

    public ChannelReader<WatchRecord> Records => _records.Reader;

    public void Publish(WatchRecord record)
    {
        if (!record.IsObject)
        {
            if (!record.IsBookmark || wantsBookmarks)
                _records.Writer.TryWrite(record);
        }
        else if (filter.Matches(record.Key, record.SecretType) && Selected(record) is { } selected)
        {
            _records.Writer.TryWrite(filter.IsPartial ? selected with { Line = PartialMetadata.OfEvent(selected.Line) } : selected);
        }
    }

    /// <summary>To whoever selects by labels an object comes when it begins to fit, and goes when it no longer does.</summary>
    private WatchRecord? Selected(WatchRecord record)
    {
        if (filter.Labels.IsEmpty)
            return record;
        var did = record.Before is { } before && filter.Labels.Matches(before.ToNode());
        var does = record.After is { } after && filter.Labels.Matches(after.ToNode());
        return (did, does) switch
        {
            (false, false) => null,
            (false, true) => record.After!.ToEvent("ADDED"u8),
            (true, false) when record.After is { } now => now.ToEvent("DELETED"u8),
            _ => record,
        };
    }
}

/// <summary>Namespace of the path and the field selectors that the API server knows for our kinds.</summary>
internal sealed record ObjectFilter(string? Namespace, string? Name, string? SecretType)
{
    public LabelSelector Labels { get; init; } = LabelSelector.Everything;

    /// <summary>Metadata alone is sent.</summary>
    public bool IsPartial { get; init; }

    /// <summary>Types of Secrets that are left out.</summary>
    public ImmutableArray<string> OtherTypes { get; init; } = [];

    public bool Matches(StoredObject stored) => Matches(stored.Key, stored.SecretType) && (Labels.IsEmpty || Labels.Matches(stored.ToNode()));

    public bool Matches(Model.Identity.ObjectKey key, string secretType) =>
        (Namespace is null || string.Equals(key.Namespace, Namespace, StringComparison.Ordinal))
        && (Name is null || string.Equals(key.Name, Name, StringComparison.Ordinal))
        && (SecretType is null || string.Equals(secretType, SecretType, StringComparison.Ordinal))
        && !OtherTypes.Contains(secretType, StringComparer.Ordinal);
}
