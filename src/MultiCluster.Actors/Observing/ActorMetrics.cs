using System.Diagnostics.Metrics;

namespace MultiCluster.Actors;

internal sealed class ActorMetrics : IDisposable
{
    public const string MeterName = "MultiCluster.Actors";

    private readonly Meter _meter;
    private readonly Counter<long> _deadLetters;
    private readonly Counter<long> _restarts;

    public ActorMetrics(ActorSystem system)
    {
        _meter = new Meter(new MeterOptions(MeterName) { Tags = [new("actor.system", system.Name)], Scope = system });
        _deadLetters = _meter.CreateCounter<long>("actor.dead_letters", "{message}", "Messages that nobody handled, by reason");
        _restarts = _meter.CreateCounter<long>("actor.restarts", "{restart}", "Restarts by supervision, by actor type");
        _meter.CreateObservableGauge("actor.mailbox.depth", () => Depths(system.Hierarchy()), "{message}", "Messages waiting, by actor type");
        _meter.CreateObservableGauge("actor.count", () => Counts(system.Hierarchy()), "{actor}", "Actors by type and state");
    }

    public void DeadLetter(DeadLetterReason reason) => _deadLetters.Add(1, new KeyValuePair<string, object?>("reason", reason.ToString()));

    public void Restarted(string type) => _restarts.Add(1, new KeyValuePair<string, object?>("actor.type", type));

    public void Dispose() => _meter.Dispose();

    // By type and not by path: ten thousand entities are one series.
    private static IEnumerable<Measurement<int>> Depths(ActorNode root) => root.Flatten()
        .GroupBy(n => n.Type, StringComparer.Ordinal)
        .Select(g => new Measurement<int>(g.Sum(n => n.MailboxDepth), new KeyValuePair<string, object?>("actor.type", g.Key)));

    private static IEnumerable<Measurement<int>> Counts(ActorNode root) => root.Flatten()
        .GroupBy(n => (n.Type, n.State))
        .Select(g => new Measurement<int>(
            g.Count(),
            new KeyValuePair<string, object?>("actor.type", g.Key.Type),
            new KeyValuePair<string, object?>("actor.state", g.Key.State.ToString())));
}
