using System.Collections.Immutable;
using MultiCluster.Controller.Records;
using MultiCluster.Model.Identity;

namespace MultiCluster.Controller.Routing;

/// <summary>How far the table can be relied on.</summary>
public sealed partial class RouteTable
{
    /// <summary>Of nothing new, after which no more is expected of owners that are still reading.</summary>
    private static readonly TimeSpan Quiet = TimeSpan.FromSeconds(5);

    /// <summary>
    /// Where a member is read elsewhere its rows come from its owners and what is said of it as a whole from another one, in no order: this much
    /// after that, all its rows are here.
    /// </summary>
    private static readonly TimeSpan OnTheWay = TimeSpan.FromSeconds(5);

    private readonly HashSet<MemberName> _synced = [];
    private readonly HashSet<MemberName> _remembered = [];
    private bool _memoryChanged;
    private bool _isReady;
    private bool _isWhole;
    private long? _lastNews;

    /// <summary>All of the member's objects are known, and what follows from them is in the table.</summary>
    private void OnSynced(MemberName member)
    {
        ApplyPending();
        NoteNews();
        _synced.Add(member);
        if (_missing.Remove(member))
            LookForMissing();
    }

    /// <summary>
    /// Which members there are was not known at the start. One that is found later takes nothing away from what is known by then, and
    /// nothing waits for it.
    /// </summary>
    private void OnFound(ImmutableArray<MemberName> members)
    {
        if (!_missing.Remove(Readiness.UnknownMembers))
            return;
        // No news of what they have: an empty table is waited for as before.
        _missing.UnionWith(members.Where(member => !_synced.Contains(member)));
        LookForMissing();
    }

    /// <summary>
    /// Of a member that was found late only its watcher says when all its rows are here, and only where that runs; elsewhere it is its
    /// entity's word that it is fresh.
    /// </summary>
    private void LookForMissing()
    {
        if (_readiness.IsComplete)
            return;
        if (_isWhole)
            _missing.RemoveWhere(IsAccountedFor);
        if (_missing.Any(IsFresh) && !Context.Timers.IsActive(Due.Fresh))
            Context.Timers.StartSingle(Due.Fresh, OnTheWay, Due.Fresh);
        SetReadiness(_readiness with { Missing = [.. _missing] });
    }

    /// <summary>It was waited for from the start, or is not meant to be.</summary>
    private bool IsAccountedFor(MemberName member) =>
        member != Readiness.UnknownMembers && (settings.Members.Contains(member) || _table.Members.GetValueOrDefault(member)?.IsRemoved == true);

    private bool IsFresh(MemberName member) => !settings.Members.Contains(member) && _table.Members.GetValueOrDefault(member)?.IsStale == false;

    /// <summary>Long enough after they became fresh.</summary>
    private void TakeFresh()
    {
        _missing.RemoveWhere(IsFresh);
        LookForMissing();
    }

    /// <param name="ready">All is here that could be known.</param>
    /// <param name="whole">All is here, so that what is not does not exist.</param>
    private void OnCompleteness(bool ready, bool whole)
    {
        ApplyPending();
        _isReady |= ready;
        _isWhole |= whole;
        if (_isWhole)
            LookForMissing();
        if (_isReady && !_readiness.IsComplete)
            SetReadiness(_readiness with { GaveUpWaiting = true });
    }

    /// <summary>
    /// Watchers write down how much their member has when all is well. Where that is in the table, what was published of the member is there
    /// too, once every owner has opened its part; a watcher that has read nothing can't have said it.
    /// </summary>
    private void NoteMemory(MemberName member, EntityRecord.Member? record) => _memoryChanged |=
        record?.Copies.Any(static word => !word.Footprint.IsEmpty) == true ? _remembered.Add(member) : _remembered.Remove(member);

    /// <summary>
    /// Members that only the home cluster names came out of the same database as one that is away and remembered. What was written of those
    /// that can be read proves nothing: it may be of this life.
    /// </summary>
    private bool Remembers(MemberName member) => member == Readiness.UnknownMembers
        ? _missing.Any(other => _remembered.Contains(other) && _table.Members.GetValueOrDefault(other)?.IsStale == true)
        : _remembered.Contains(member);

    private void SetReadiness(Readiness readiness)
    {
        _memoryChanged = false;
        readiness = readiness with { RemembersMissing = _isReady && !readiness.IsComplete && readiness.Missing.All(Remembers) };
        if (readiness.GaveUpWaiting == _readiness.GaveUpWaiting && readiness.RemembersMissing == _readiness.RemembersMissing
            && readiness.Missing.SequenceEqual(_readiness.Missing))
            return;
        if (readiness.MayStart && !_readiness.MayStart)
            settings.Ready();
        _readiness = readiness;
        foreach (var subscriber in settings.Audience.Subscribers.Concat(settings.Audience.Hubs))
            subscriber.Tell(new RouteTableProtocol.ReadinessChanged(readiness), Self);
    }

    /// <summary>
    /// As long as nothing is known, or owners are still telling what they have read, the table is not what a proxy that holds nothing may start with:
    /// unknown is not empty. The replica says when all is here; this is for when it can't.
    /// </summary>
    private void GiveUpUnlessMoreComes()
    {
        var quiet = _lastNews is { } last ? Context.System.TimeProvider.GetElapsedTime(last) : TimeSpan.Zero;
        if (quiet < Quiet)
        {
            Context.Timers.StartSingle(Due.GiveUpWaiting, Quiet - quiet, Due.GiveUpWaiting);
            return;
        }

        LogGaveUp(settings.Logger, string.Join(", ", _missing), settings.Timeout.TotalSeconds);
        SetReadiness(_readiness with { GaveUpWaiting = true });
    }

    private void NoteNews() => _lastNews = Context.System.TimeProvider.GetTimestamp();

    private enum Due
    {
        GiveUpWaiting,
        Certificates,
        Marks,
        Fresh,
    }
}
