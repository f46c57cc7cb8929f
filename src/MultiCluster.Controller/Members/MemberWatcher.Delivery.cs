using MultiCluster.Cluster.Sharding;
using MultiCluster.Controller.Records;
using MultiCluster.Federation.Members;
using MultiCluster.Model.Members;
using MultiCluster.Model.Resources;
using MultiCluster.Model.Routing;

namespace MultiCluster.Controller.Members;

/// <summary>What owners are told, and when they may take it for all there is.</summary>
public sealed partial class MemberWatcher
{
    private static readonly TimeSpan LongestAskInterval = TimeSpan.FromSeconds(8);
    private static readonly TimeSpan RenewInterval = TimeSpan.FromSeconds(5);

    private readonly MemberMemory _memory;
    private readonly Dictionary<ResourceKind, string> _lost = [];
    private TimeSpan _askAt;
    private TimeSpan _askInterval = TimeSpan.FromSeconds(1);
    private TimeSpan _renewAt;
    private bool _touched;
    private long _received;

    private void OnEvent(MemberEvent memberEvent)
    {
        _lastEvent = Context.System.TimeProvider.GetUtcNow();
        _received = Context.System.TimeProvider.GetTimestamp();
        _touched = true;
        LogLoss(memberEvent);
        Take(_view.Apply(memberEvent));
        foreach (var problem in _view.TakeTcpProblems())
            LogSetting(_settings.Logger, _member.Name, problem);
        if (!_delivery.IsComplete && memberEvent is MemberEvent.Listed or MemberEvent.Refused)
            OnList();
        else if (_view.IsHolding && !_staleness.IsStale)
            SayWord();
    }

    /// <summary>Each reason once, however often the source tries: a missing right stays missing for long.</summary>
    private void LogLoss(MemberEvent memberEvent)
    {
        switch (memberEvent)
        {
            case MemberEvent.Disconnected(var kind, var reason) when !_lost.TryGetValue(kind, out var told) || !string.Equals(told, reason, StringComparison.Ordinal):
                _lost[kind] = reason;
                LogDisconnected(_settings.Logger, _member.Name, kind, reason);
                break;
            case MemberEvent.Connected(var kind):
                _lost.Remove(kind);
                break;
        }
    }

    private void Take(IReadOnlyList<CopyChange> changes)
    {
        foreach (var change in changes)
        {
            _counts.Note(change);
            if (_delivery.IsComplete || (_delivery.IsUnreachable && IsFit(change)))
                Observe(change);
        }
    }

    /// <summary>
    /// What owners have of a watcher before is better than a part of what this one reads (an Ingress whose class is still unknown is
    /// not ours), so they hear nothing until all has been read, and is not doubtful. A member of which some kind can't be read for long, or
    /// whose lists lack too much, goes on with copies that need none of it.
    /// </summary>
    private void DeliverAll()
    {
        foreach (var change in _view.Snapshot())
        {
            if (IsFit(change))
                Observe(change);
        }
    }

    private bool IsFit(CopyChange change) => _view.Knows(change) && (_memory.IsSure || MemberView.IsWhole(change));

    private void Observe(CopyChange change)
    {
        var (entity, copy) = change switch
        {
            CopyChange.IngressChanged ingress => (EntityId.Ingress(ingress.Ingress), (object?)ingress.Copy),
            CopyChange.ServiceChanged service => (EntityId.Backend(service.Service), service.Copy),
            _ => throw new InvalidOperationException($"no owner for {change.GetType().Name}"),
        };
        if (_delivery.IsComplete)
            _settings.Metrics?.Events.Saw(entity, _member.Name, _received);
        _delivery.Observe(EntityKeys.Of(entity), copy);
    }

    /// <summary>Another list of a member that owners do not know whole yet, or the answer of its entity.</summary>
    private void OnList()
    {
        Judge();
        if (_view.IsComplete && _memory.IsSure)
        {
            Complete();
        }
        else if (_delivery.IsUnreachable || _memory is { IsAnswered: true, IsHolding: true } && _view.IsComplete)
        {
            GoOnWithout();
        }
    }

    private void Complete()
    {
        DeliverAll();
        Renew();
        SayWord();
        _delivery.MarkComplete();
    }

    /// <summary>Owners keep what they have, and hear what there is besides.</summary>
    private void GoOnWithout()
    {
        if (_view.IsComplete)
            _memory.GiveUp();
        DeliverAll();
        _delivery.MarkUnreachable();
        SayWord();
    }

    private void GiveUp()
    {
        if (_delivery.IsComplete || _delivery.IsUnreachable)
            return;
        if (_view.IsComplete)
            LogForgotten(_settings.Logger, _member.Name);
        else
            LogGaveUp(_settings.Logger, _member.Name, _settings.Timeout.TotalSeconds);
        Judge();
        GoOnWithout();
    }

    private void Judge()
    {
        _touched = false;
        if (!_memory.IsOn || !_memory.IsAnswered)
            return;
        var before = _memory.IsHolding;
        _memory.Judge(_view.Footprint());
        if (_memory.IsHolding && !before)
            LogDoubt(_settings.Logger, _member.Name, string.Join("; ", _memory.Held));
    }

    /// <summary>
    /// Nobody else remembers what a watcher before had read. The question may be lost, with a node or a connection, and is asked until it
    /// is answered; what comes meanwhile is delivered, once that takes long, as of a member that can't be read.
    /// </summary>
    private void Ask()
    {
        if (_memory.IsAnswered || Now < _askAt)
            return;
        _askAt = Now + _askInterval;
        _askInterval = _askInterval * 2 < LongestAskInterval ? _askInterval * 2 : LongestAskInterval;
        _start.Region.Tell(new ShardingProtocol.ToEntity(_wordKey, new MemberProtocol.GetTraits()), Self);
    }

    private void OnAnswer(MemberProtocol.Traits traits)
    {
        if (_memory.IsAnswered)
            return;
        _memory.Answer(traits.Footprint);
        if (!_delivery.IsComplete)
            OnList();
    }

    /// <summary>Counting costs the size of the member, so events only say that there is something to count.</summary>
    private void LookAgain()
    {
        if (!_touched)
            return;
        if (_delivery.IsComplete && Now >= _renewAt)
        {
            Renew();
        }
        else if (!_delivery.IsComplete && _memory.IsHolding)
        {
            Judge();
            if (_view.IsComplete && _memory.IsSure)
                Complete();
        }
    }

    private void Renew()
    {
        if (_view.IsHolding || _view.IsStale)
            return;
        _touched = false;
        _renewAt = Now + RenewInterval;
        _memory.Renew(_view.Footprint());
    }
}
