using System.Collections.Immutable;
using Microsoft.Extensions.Logging;
using MultiCluster.Actors;
using MultiCluster.Model.Collections;
using MultiCluster.Model.Identity;
using MultiCluster.Model.Members;

namespace MultiCluster.Controller.Status;

/// <param name="Addresses">Of the proxies; IP addresses or host names.</param>
/// <param name="Sinks">Members that take status; a manifest folder has none.</param>
public sealed record StatusSettings(
    EquatableArray<string> Addresses,
    ImmutableDictionary<MemberName, IStatusSink> Sinks,
    ILogger Logger);

/// <summary>
/// Writes the proxies' addresses to accepted Ingresses, and takes ours (and only ours) off those that no longer are. Never
/// on the way of a route: a member that refuses is tried again later.
/// </summary>
public sealed partial class StatusWriter(StatusSettings settings) : Actor
{
    private const int Concurrency = 4;
    private static readonly TimeSpan RetryDelay = TimeSpan.FromSeconds(10);

    private readonly Dictionary<Target, EquatableArray<string>> _wanted = [];
    private readonly HashSet<Target> _writing = [];
    private readonly HashSet<Target> _failed = [];

    protected override ValueTask ReceiveAsync(object message)
    {
        switch (message)
        {
            case StatusProtocol.CopiesChanged changed:
                foreach (var copy in changed.Copies)
                    Consider(changed, copy);
                break;
            case Written written:
                OnWritten(written);
                break;
            case RetryDue:
                _failed.Clear();
                break;
            default:
                Unhandled(message);
                break;
        }

        return default;
    }

    protected override ValueTask AfterBatchAsync()
    {
        foreach (var (target, addresses) in _wanted)
        {
            if (_writing.Count >= Concurrency)
                break;
            if (_failed.Contains(target) || !_writing.Add(target))
                continue;
            Context.PipeToSelf(
                settings.Sinks[target.Member].WriteAsync(target.Ingress, addresses, Context.Stopping),
                problem => new Written(target, addresses, problem),
                failure => new Written(target, addresses, failure.Message));
        }

        return default;
    }

    private void Consider(StatusProtocol.CopiesChanged changed, IngressCopy copy)
    {
        if (!settings.Sinks.ContainsKey(copy.Member))
            return;
        var target = new Target(copy.Member, changed.Ingress);
        var held = copy.Ingress.StatusAddresses;
        EquatableArray<string> wanted = changed.Accepted.Items.Contains(copy.Member)
            ? settings.Addresses
            : held == settings.Addresses ? [] : held;
        if (wanted == held)
            _wanted.Remove(target);
        else
            _wanted[target] = wanted;
    }

    private void OnWritten(Written written)
    {
        _writing.Remove(written.Target);
        if (written.Problem is null)
        {
            LogWritten(settings.Logger, written.Target.Ingress, written.Target.Member, written.Addresses.Count);
            if (_wanted.TryGetValue(written.Target, out var wanted) && wanted == written.Addresses)
                _wanted.Remove(written.Target);
            return;
        }

        LogFailed(settings.Logger, written.Target.Ingress, written.Target.Member, written.Problem);
        _failed.Add(written.Target);
        if (!Context.Timers.IsActive(RetryDue.Instance))
            Context.Timers.StartSingle(RetryDue.Instance, RetryDelay, RetryDue.Instance);
    }

    [LoggerMessage(1301, LogLevel.Information, "Ingress {Ingress} in {Member}: wrote {Count} addresses to its status")]
    private static partial void LogWritten(ILogger logger, ObjectKey ingress, MemberName member, int count);

    [LoggerMessage(1302, LogLevel.Warning, "Ingress {Ingress} in {Member}: its status could not be written, trying again: {Problem}")]
    private static partial void LogFailed(ILogger logger, ObjectKey ingress, MemberName member, string problem);

    private readonly record struct Target(MemberName Member, ObjectKey Ingress);

    private sealed record Written(Target Target, EquatableArray<string> Addresses, string? Problem);

    private sealed record RetryDue
    {
        public static readonly RetryDue Instance = new();
    }
}
