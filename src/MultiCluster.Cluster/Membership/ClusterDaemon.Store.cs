using System.Collections.Immutable;
using MultiCluster.Actors;
using MultiCluster.Persistence.Leases;

namespace MultiCluster.Cluster.Membership;

/// <summary>
/// Reads and writes go one at a time; one that is not answered in time is abandoned, its outcome unknown until the next read.
/// </summary>
internal sealed partial class ClusterDaemon
{
    /// <summary>At most so often does news from peers make us read.</summary>
    private static readonly TimeSpan ReadSpacing = TimeSpan.FromMilliseconds(20);

    private CancellationTokenSource? _operation;
    private TimeSpan _lastRead = TimeSpan.MinValue;
    private long _number;
    private bool _again;

    private void Read()
    {
        if (_core.HasLeft)
            return;
        if (_operation is not null)
        {
            _again = true;
            return;
        }
        if (_lastRead != TimeSpan.MinValue && Now - _lastRead < ReadSpacing)
        {
            if (!Context.Timers.IsActive(ReadDue.Instance))
                Context.Timers.StartSingle(ReadDue.Instance, ReadSpacing, ReadDue.Instance);
            return;
        }
        _again = false;
        var started = _lastRead = Now;
        var number = Begin();
        Context.PipeToSelf(
            ReadAllAsync(_operation!.Token),
            records => new ReadDone(number, records, started),
            failure => new OperationFailed(number, failure.Message));
    }

    private void Write(IReadOnlyList<PlannedWrite> writes)
    {
        var sent = Now;
        var number = Begin();
        Context.PipeToSelf(
            WriteAllAsync(writes, _operation!.Token),
            results => new WriteDone(number, writes, results, sent),
            failure => new OperationFailed(number, failure.Message));
    }

    private long Begin()
    {
        var number = ++_number;
        _operation = new CancellationTokenSource();
        Context.Timers.StartSingle(OperationDue.Instance, settings.Options.StoreTimeout, new OperationFailed(number, "no answer in time"));
        return number;
    }

    /// <summary>A store that throws before it returns a task fails the operation, not the daemon.</summary>
    private async Task<ImmutableArray<LeaseRecord>> ReadAllAsync(CancellationToken cancellation) => await settings.Leases.ReadAllAsync(cancellation);

    private async Task<ImmutableArray<LeaseWriteResult>> WriteAllAsync(IReadOnlyList<PlannedWrite> writes, CancellationToken cancellation) =>
        await settings.Leases.WriteAsync([.. writes.Select(static write => write.Write)], cancellation);

    private void End(CancellationTokenSource? operation)
    {
        Context.Timers.Cancel(OperationDue.Instance);
        operation?.Dispose();
        _operation = null;
    }

    private void OnRead(ReadDone done)
    {
        End(_operation);
        var writes = _core.OnRead(done.Records, done.Started, Now, Context.System.TimeProvider.GetUtcNow()).ToList();
        foreach (var node in _downs.Plan(_core, writes, Context.System.TimeProvider.GetUtcNow()))
            LogDown(settings.Logger, node);
        Act();
        if (writes.Count > 0)
            Write(writes);
        else
            Finish();
    }

    private void OnWritten(WriteDone done)
    {
        End(_operation);
        _downs.Answer(done.Writes, done.Results);
        var next = _core.OnWritten(done.Writes, done.Results, done.Sent, Now);
        Act();
        if (next.Count > 0)
            Write(next);
        else
            Finish();
    }

    private void OnFailed(string reason)
    {
        _operation?.Cancel();
        End(_operation);
        _number++;
        _downs.Answer([], null);
        _core.OnUnknown(Now);
        LogStoreFailed(settings.Logger, reason);
        Act();
        if (_leaving && Now - _leaveSince >= settings.Options.LeaveTimeout)
            End();
    }

    private void Finish()
    {
        CheckLease();
        if (_again || _core.ReadAgain)
            Read();
        if (_leaving && !_core.HasLeft && Now - _leaveSince >= settings.Options.LeaveTimeout * 2)
            End();
    }

    private sealed record ReadDue
    {
        public static readonly ReadDue Instance = new();
    }

    private sealed record OperationDue
    {
        public static readonly OperationDue Instance = new();
    }

    private sealed record ReadDone(long Number, ImmutableArray<LeaseRecord> Records, TimeSpan Started);

    private sealed record WriteDone(long Number, IReadOnlyList<PlannedWrite> Writes, ImmutableArray<LeaseWriteResult> Results, TimeSpan Sent);

    private sealed record OperationFailed(long Number, string Reason);
}
