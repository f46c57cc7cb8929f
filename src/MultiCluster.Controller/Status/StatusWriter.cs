using Microsoft.Extensions.Logging;
using MultiCluster.Actors;
using MultiCluster.Cluster.Sharding;
using MultiCluster.Controller.Members;
using MultiCluster.Model.Collections;
using MultiCluster.Model.Identity;
using MultiCluster.Model.Members;

namespace MultiCluster.Controller.Status;

/// <param name="Addresses">Of the proxies; IP addresses or host names.</param>
/// <param name="Members">Of which some take status; a manifest folder doesn't.</param>
public sealed record StatusSettings(EquatableArray<string> Addresses, MemberRegistry Members, ILogger Logger);

/// <summary>
/// Writes the proxies' addresses to accepted Ingresses, and takes ours (and only ours) off those that no longer are. Never
/// on the way of a route: a member that refuses is tried again later. Only the owner of an ingress writes: what an owner whose lease is
/// out wants to write waits until it is renewed, or another owner is there.
/// </summary>
public sealed partial class StatusWriter(StatusSettings settings) : Actor
{
    private const int Concurrency = 4;
    private static readonly TimeSpan RetryDelay = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan PermitInterval = TimeSpan.FromSeconds(1);

    private readonly Dictionary<Target, Want> _wanted = [];
    private readonly HashSet<Target> _writing = [];
    private readonly HashSet<Target> _failed = [];

    protected override ValueTask ReceiveAsync(object message)
    {
        switch (message)
        {
            case StatusProtocol.CopiesChanged changed:
                Consider(changed);
                break;
            case StatusProtocol.Released released:
                Release(released);
                break;
            case Written written:
                OnWritten(written);
                break;
            case RetryDue:
                _failed.Clear();
                break;
            case PermitDue:
                break;
            default:
                Unhandled(message);
                break;
        }

        return default;
    }

    protected override ValueTask AfterBatchAsync()
    {
        List<Target> gone = [];
        foreach (var (target, (addresses, permit)) in _wanted)
        {
            if (_writing.Count >= Concurrency)
                break;
            if (_failed.Contains(target) || _writing.Contains(target))
                continue;
            if (!permit.IsValid)
            {
                if (!Context.Timers.IsActive(PermitDue.Instance))
                    Context.Timers.StartSingle(PermitDue.Instance, PermitInterval, PermitDue.Instance);
                continue;
            }

            if (settings.Members.Find(target.Member)?.Status is not { } sink)
            {
                gone.Add(target);
                continue;
            }

            _writing.Add(target);
            Context.PipeToSelf(
                sink.WriteAsync(target.Ingress, addresses, Context.Stopping),
                problem => new Written(target, addresses, problem),
                failure => new Written(target, addresses, failure.Message));
        }

        foreach (var target in gone)
            _wanted.Remove(target);
        return default;
    }

    private void Consider(StatusProtocol.CopiesChanged changed)
    {
        foreach (var member in Takers())
        {
            var target = new Target(member, changed.Ingress);
            var copy = changed.Copies.FirstOrDefault(copy => copy.Member == member);
            if (copy is not null && Wanted(changed, copy) is var wanted && wanted != copy.Ingress.StatusAddresses)
                _wanted[target] = new Want(wanted, changed.Permit);
            else
                _wanted.Remove(target);
        }
    }

    private IEnumerable<MemberName> Takers() => settings.Members.Members.Values.Where(static member => member.Status is not null).Select(static member => member.Name);

    private EquatableArray<string> Wanted(StatusProtocol.CopiesChanged changed, IngressCopy copy)
    {
        var held = copy.Ingress.StatusAddresses;
        if (changed.Accepted.Items.Contains(copy.Member))
            return settings.Addresses;
        return held == settings.Addresses ? [] : held;
    }

    private void Release(StatusProtocol.Released released)
    {
        foreach (var member in Takers())
        {
            var target = new Target(member, released.Ingress);
            if (_wanted.TryGetValue(target, out var want) && want.Permit == released.Permit)
                _wanted.Remove(target);
        }
    }

    private void OnWritten(Written written)
    {
        _writing.Remove(written.Target);
        var result = written.Problem is null ? SinkResult.Done : new SinkResult(SinkOutcome.Forbidden, written.Problem);
        var isNew = settings.Members.Writes.Note(written.Target.Member, "status of Ingresses", written.Target.Ingress, result);
        if (written.Problem is null)
        {
            LogWritten(settings.Logger, written.Target.Ingress, written.Target.Member, written.Addresses.Count);
            if (_wanted.TryGetValue(written.Target, out var want) && want.Addresses == written.Addresses)
                _wanted.Remove(written.Target);
            return;
        }

        if (isNew)
            LogFailed(settings.Logger, written.Target.Ingress, written.Target.Member, written.Problem);
        _failed.Add(written.Target);
        if (!Context.Timers.IsActive(RetryDue.Instance))
            Context.Timers.StartSingle(RetryDue.Instance, RetryDelay, RetryDue.Instance);
    }

    [LoggerMessage(1301, LogLevel.Information, "Ingress {Ingress} in {Member}: wrote {Count} addresses to its status")]
    private static partial void LogWritten(ILogger logger, ObjectKey ingress, MemberName member, int count);

    [LoggerMessage(1302, LogLevel.Warning, "Ingress {Ingress} in {Member}: its status could not be written, tried again (others as well are said once): {Problem}")]
    private static partial void LogFailed(ILogger logger, ObjectKey ingress, MemberName member, string problem);

    private readonly record struct Target(MemberName Member, ObjectKey Ingress);

    private readonly record struct Want(EquatableArray<string> Addresses, WritePermit Permit);

    private sealed record Written(Target Target, EquatableArray<string> Addresses, string? Problem);

    private sealed record PermitDue
    {
        public static readonly PermitDue Instance = new();
    }

    private sealed record RetryDue
    {
        public static readonly RetryDue Instance = new();
    }
}
