using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using MultiCluster.Actors;
using MultiCluster.Cluster.Sharding;
using MultiCluster.Controller.Records;
using MultiCluster.Controller.Storage;
using MultiCluster.Federation.Routing;
using MultiCluster.Model.Identity;
using MultiCluster.Model.Routing;

namespace MultiCluster.Controller.Metrics;

/// <summary>How a member is seen by the watcher that reads it here.</summary>
/// <param name="Behind">How long what is known may be out of date; null while it is not.</param>
public sealed record MemberFacts(TimeSpan? Behind, bool IsStale, int Ingresses, int Services, int Endpoints);

/// <summary>What a controller tells of itself. Actors tell it what they do, from any thread; who reads it waits for none of them.</summary>
public sealed class ControllerMetrics : IDisposable
{
    private readonly Meter _meter;
    private readonly ConcurrentDictionary<MemberName, MemberFacts> _members = new();
    private readonly ConcurrentDictionary<ObjectKey, int> _conflicts = new();
    private readonly ConcurrentDictionary<ObjectKey, TlsClaim[]> _certificates = new();
    private WriteGate? _gate;

    /// <param name="store">Null: nothing is remembered.</param>
    public ControllerMetrics(ActorSystem system, EntityStore? store)
    {
        _meter = new Meter(new MeterOptions(MetricInstruments.MeterName) { Scope = system });
        Events = new EventClock(_meter, system.TimeProvider);
        _meter.CreateObservableGauge("multicluster.member.behind", () => All(static member => member.Behind?.TotalSeconds ?? 0), "s");
        _meter.CreateObservableGauge("multicluster.member.stale", () => All(static member => member.IsStale ? 1 : 0));
        _meter.CreateObservableGauge("multicluster.member.objects", Objects);
        _meter.CreateObservableGauge("multicluster.conflicts", () => _conflicts.Values.Sum());
        _meter.CreateObservableGauge("multicluster.certificate.expiry", Expiries, "s");
        _meter.CreateObservableGauge("multicluster.shards.owned", () => _gate?.Owned ?? 0);
        _meter.CreateObservableGauge("multicluster.lease.valid", () => _gate?.IsOpen == true ? 1 : 0);
        if (store is not null)
            ShowStore(store);
    }

    public EventClock Events { get; }

    /// <summary>Of the node's present run.</summary>
    public void Join(WriteGate gate) => _gate = gate;

    public void Saw(MemberName member, MemberFacts facts) => _members[member] = facts;

    public void Forget(MemberName member) => _members.TryRemove(member, out _);

    /// <summary>A row of the routing table.</summary>
    public void Took(EntityId entity, EntityRecord? record)
    {
        Events.Took(entity);
        if (entity.Kind != EntityKind.Ingress)
            return;
        if (record?.Published is Fragment.Ingress { Certificates: { IsEmpty: false } claims })
            _certificates[entity.Key] = [.. claims];
        else
            _certificates.TryRemove(entity.Key, out _);
    }

    /// <summary>Before proxies are told of it.</summary>
    public void Changed(TableChange change)
    {
        Events.Published(change.Delta.IsEmpty ? null : change.Delta.Version);
        foreach (var conflict in change.Conflicts)
        {
            if (conflict.Conditions.IsEmpty)
                _conflicts.TryRemove(conflict.Ingress, out _);
            else
                _conflicts[conflict.Ingress] = conflict.Conditions.Count;
        }
    }

    public void Dispose() => _meter.Dispose();

    private void ShowStore(EntityStore store)
    {
        _meter.CreateObservableGauge("multicluster.journal.queue", () => new[]
        {
            new Measurement<int>(store.State.QueuedEvents, Tag("kind", "events")), new Measurement<int>(store.State.QueuedSnapshots, Tag("kind", "snapshots")),
        });
        _meter.CreateObservableGauge("multicluster.journal.oldest", () => store.State.OldestAge.TotalSeconds, "s");
        _meter.CreateObservableGauge("multicluster.journal.failing", () => store.State.FailingSince is null ? 0 : 1);
        _meter.CreateObservableCounter("multicluster.journal.written", () => new[]
        {
            new Measurement<long>(store.State.WrittenEvents, Tag("kind", "events")), new Measurement<long>(store.State.WrittenSnapshots, Tag("kind", "snapshots")),
        });
        _meter.CreateObservableCounter("multicluster.journal.dropped", () => store.State.DroppedEvents);
    }

    private IEnumerable<Measurement<double>> All(Func<MemberFacts, double> value) =>
        _members.Select(member => new Measurement<double>(value(member.Value), Tag("member", member.Key.Value)));

    private IEnumerable<Measurement<int>> Objects() => _members.SelectMany(static member => new[]
    {
        new Measurement<int>(member.Value.Ingresses, Tag("member", member.Key.Value), Tag("kind", "ingresses")),
        new Measurement<int>(member.Value.Services, Tag("member", member.Key.Value), Tag("kind", "services")),
        new Measurement<int>(member.Value.Endpoints, Tag("member", member.Key.Value), Tag("kind", "endpoints")),
    });

    /// <summary>Of each Secret that an Ingress names the certificate that ends first.</summary>
    private IEnumerable<Measurement<double>> Expiries() => _certificates
        .SelectMany(static ingress => ingress.Value.Select(claim => (ingress.Key.Namespace, claim.SecretName, claim.Certificate.NotAfter)))
        .GroupBy(static item => (item.Namespace, item.SecretName))
        .Select(static secret => new Measurement<double>(
            secret.Min(static item => item.NotAfter).ToUnixTimeSeconds(), Tag("namespace", secret.Key.Namespace), Tag("secret", secret.Key.SecretName)));

    private static KeyValuePair<string, object?> Tag(string name, string value) => new(name, value);
}
