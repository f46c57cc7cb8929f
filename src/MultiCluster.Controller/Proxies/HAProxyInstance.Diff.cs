using MultiCluster.Actors;
using MultiCluster.HAProxy.Planning;
using MultiCluster.HAProxy.Runtime;
using MultiCluster.Model.Admin;

namespace MultiCluster.Controller.Proxies;

/// <summary>Looks at HAProxy for people: what is found is told, and mended only when the instance itself looks.</summary>
public sealed partial class HAProxyInstance
{
    private readonly List<IActorRef> _inspectors = [];
    private bool _inspectedLast;

    private void OnGetDiff(ProxyProtocol.GetDiff question)
    {
        if (!string.Equals(question.Proxy, _settings.Name, StringComparison.Ordinal))
            Context.Reply(new ProxyProtocol.Diff(null, null));
        else if (Sender is { } asker)
            _inspectors.Add(asker);
    }

    /// <returns>Whether the lane to HAProxy is taken now.</returns>
    private bool Inspect()
    {
        // Who asks on and on must not keep changes out of the lane.
        if (_inspectors.Count == 0 || _inspectedLast)
        {
            _inspectedLast = false;
            return false;
        }
        if (_state.Connection is null)
        {
            TellInspectors(new ProxyProtocol.Diff(null, $"there is no HAProxy to read: {_fault ?? _why ?? "it is not running"}"));
            return false;
        }
        _inspectedLast = true;
        Run(_connection.ReadAsync(Context.Stopping), static reading => new Done.Inspected(reading));
        return true;
    }

    private void OnInspected(Outcome<Reading> outcome)
    {
        if (!outcome.IsOk)
        {
            Lost(outcome.Error);
            return;
        }
        TellInspectors(Compare(outcome.Value));
    }

    private ProxyProtocol.Diff Compare(Reading reading)
    {
        if (reading.Identity?.Layout != _settings.Identity.Layout)
            return new ProxyProtocol.Diff(null, $"HAProxy runs a program that keeps its data elsewhere than this version's: {_fault ?? _why ?? "the reload for it is due"}");
        var reconciler = _state.Reconciler!;
        var reasons = reconciler.Refused.ToDictionary(static refused => refused.Subject, static refused => refused.Reason);
        var summary = Views().Summary();
        return new ProxyProtocol.Diff(
            new ProxyDiffView(
                _settings.Name,
                summary.State,
                summary.StateReason,
                reconciler.Desired.Version,
                reconciler.HasPending || reconciler.Desired.Version != _state.AppliedVersion,
                [.. DataDiff.Between(reconciler.Desired, reading.Data).Select(difference => new DifferenceView(
                    difference.Kind, difference.Item, difference.Wanted, difference.Held, reasons.GetValueOrDefault(difference.Subject)))]),
            null);
    }

    private void TellInspectors(ProxyProtocol.Diff answer)
    {
        foreach (var asker in _inspectors)
            asker.Tell(answer, Self);
        _inspectors.Clear();
    }
}
