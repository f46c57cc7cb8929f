using MultiCluster.Actors;
using MultiCluster.Cluster.Sharding;
using MultiCluster.Controller.Members;
using MultiCluster.Model.Identity;

namespace MultiCluster.Controller.Status;

/// <summary>
/// Writes to API servers what there is to say of objects, at a pace. What is to be written is decided by who derives from it; nothing is
/// lost with a write that fails.
/// </summary>
/// <typeparam name="TKey">What is written to.</typeparam>
/// <typeparam name="TWant">What is written; the newest takes the place of what has not begun.</typeparam>
public abstract class PacedWriter<TKey, TWant> : Actor
    where TKey : notnull
    where TWant : class, IEquatable<TWant>
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    /// <summary>As of a manifest folder, which takes no status.</summary>
    protected static readonly Task<SinkResult> NoTaker = Task.FromResult(new SinkResult(SinkOutcome.Gone, ""));

    private readonly PendingWrites<TKey, TWant> _writes;
    private readonly WriteProblems _problems;
    private readonly string _what;
    private long _began;

    /// <param name="what">As people know what is written, such as Events.</param>
    /// <param name="memberOf">Where a write goes.</param>
    private protected PacedWriter(WritePace pace, WriteProblems problems, string what, Func<TKey, MemberName> memberOf)
    {
        _writes = new PendingWrites<TKey, TWant>(pace, memberOf);
        _problems = problems;
        _what = what;
    }

    /// <summary>Since the start.</summary>
    protected TimeSpan Now => Context.System.TimeProvider.GetElapsedTime(_began);

    protected override ValueTask PreStartAsync()
    {
        _began = Context.System.TimeProvider.GetTimestamp();
        Context.Timers.StartPeriodic(Due.Instance, Interval, Due.Instance);
        return default;
    }

    protected sealed override ValueTask ReceiveAsync(object message)
    {
        switch (message)
        {
            case Due:
                OnTick();
                break;
            case Written written:
                Take(written);
                break;
            default:
                Handle(message);
                break;
        }

        return default;
    }

    /// <summary>Once for all that came together: what is wanted may be thousands of things.</summary>
    protected sealed override ValueTask AfterBatchAsync()
    {
        Write();
        return default;
    }

    /// <summary>Any message but those of the pace.</summary>
    protected abstract void Handle(object message);

    /// <summary>Each second, before anything is written.</summary>
    protected virtual void OnTick()
    {
    }

    /// <returns><see cref="NoTaker"/> for what has nobody to take it.</returns>
    protected abstract Task<SinkResult> WriteAsync(TKey key, TWant what);

    /// <summary>It is as wanted, or what it was to be written to is gone. Not told of what failed: that is tried again.</summary>
    /// <param name="isDone">False when there is nothing to write to any more.</param>
    protected virtual void OnWritten(TKey key, TWant what, bool isDone)
    {
    }

    /// <summary>Whatever became of it, one write of it is no longer under way.</summary>
    protected virtual void OnEnded(TKey key)
    {
    }

    /// <summary>Who answers for the writes of <paramref name="key"/>, which <see cref="WriteProblems"/> are told by.</summary>
    protected abstract MemberName TakerOf(TKey key);

    /// <summary>Said once of a member and kind, until it works.</summary>
    protected abstract void LogFailed(TKey key, MemberName member, string problem);

    private protected void Want(TKey key, TWant what, WritePermit permit) => _writes.Want(key, what, permit);

    private protected void Drop(TKey key) => _writes.Drop(key);

    private protected void Drop(TKey key, WritePermit permit) => _writes.Drop(key, permit);

    private protected bool IsUnderWay(TKey key) => _writes.IsUnderWay(key);

    private void Write()
    {
        foreach (var (key, what) in _writes.Begin(Now))
        {
            var taker = TakerOf(key);
            Context.PipeToSelf(
                WriteAsync(key, what),
                result => new Written(taker, key, what, result),
                failure => new Written(taker, key, what, new SinkResult(SinkOutcome.Failed, failure.Message)));
        }
    }

    private void Take(Written written)
    {
        var (taker, key, what, result) = written;
        _writes.Done(key, what, result.Outcome, Now);
        if (_problems.Note(taker, _what, key, result))
            LogFailed(key, taker, result.Message);
        if (result.Outcome is SinkOutcome.Done or SinkOutcome.Gone)
            OnWritten(key, what, result.Outcome == SinkOutcome.Done);
        OnEnded(key);
    }

    private sealed record Written(MemberName Taker, TKey Key, TWant What, SinkResult Result);

    private sealed record Due
    {
        public static readonly Due Instance = new();
    }
}
