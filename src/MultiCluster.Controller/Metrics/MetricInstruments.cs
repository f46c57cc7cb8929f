using System.Collections.Frozen;
using System.Collections.Immutable;

namespace MultiCluster.Controller.Metrics;

/// <summary>An instrument of System.Diagnostics.Metrics, and the family that it is told as.</summary>
/// <param name="Bounds">Of a histogram's buckets.</param>
public sealed record MetricInstrument(string Instrument, MetricFamily Family)
{
    public ImmutableArray<double> Bounds { get; init; } = [];
}

/// <summary>All instruments that are told: one that is not here is not.</summary>
public static class MetricInstruments
{
    public const string MeterName = "MultiCluster.Controller";

    /// <summary>Of meters whose instruments are told.</summary>
    public static readonly ImmutableArray<string> Meters = [MeterName, "MultiCluster.Proxy", "MultiCluster.Process", "MultiCluster.Actors"];

    private static readonly ImmutableArray<double> Seconds = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30];

    public static readonly ImmutableArray<MetricInstrument> OfControllers =
    [
        new("multicluster.event.published", new("multicluster_event_published_seconds", MetricKind.Histogram, "From a member's event until the routing table of this controller has what follows from it.", "member")) { Bounds = Seconds },
        new("multicluster.event.applied", new("multicluster_event_applied_seconds", MetricKind.Histogram, "From a member's event until the HAProxy of this process holds what follows from it.", "member", "proxy")) { Bounds = Seconds },
        Gauge("multicluster.member.behind", "multicluster_member_behind_seconds", "For how long what is known of a member may be out of date; told by the controller that reads it.", "member"),
        Gauge("multicluster.member.stale", "multicluster_member_stale", "1 while the member can't be read.", "member"),
        Gauge("multicluster.member.objects", "multicluster_member_objects", "What of a member is used.", "member", "kind"),
        Gauge("multicluster.conflicts", "multicluster_conflicts", "Routes and hosts that Ingresses have lost to others."),
        Gauge("multicluster.certificate.expiry", "multicluster_certificate_expiry_timestamp_seconds", "When the certificate of a Secret ends, in seconds since 1970.", "namespace", "secret"),
        Gauge("multicluster.shards.owned", "multicluster_shards_owned", "Shards that this controller owns."),
        Gauge("multicluster.lease.valid", "multicluster_lease_valid", "1 while this controller's lease is valid."),
        Gauge("multicluster.journal.queue", "multicluster_journal_queue", "What waits to be written to the database.", "kind"),
        Gauge("multicluster.journal.oldest", "multicluster_journal_oldest_seconds", "For how long the oldest of it has waited."),
        Gauge("multicluster.journal.failing", "multicluster_journal_failing", "1 while the database takes nothing."),
        Counter("multicluster.journal.written", "multicluster_journal_written_total", "What was written to the database.", "kind"),
        Counter("multicluster.journal.dropped", "multicluster_journal_dropped_total", "Events that the history lacks since too many waited; no state is lost."),
    ];

    public static readonly ImmutableArray<MetricInstrument> OfProxies =
    [
        Gauge("multicluster.proxy.serving", "multicluster_proxy_serving", "1 while HAProxy runs and this process drives it.", "proxy"),
        Gauge("multicluster.proxy.pending", "multicluster_proxy_pending_seconds", "For how long HAProxy has not held all that it should; 0 while it does.", "proxy"),
        Gauge("multicluster.proxy.routes", "multicluster_proxy_routes", "Routes that HAProxy should have.", "proxy"),
        Gauge("multicluster.proxy.refused", "multicluster_proxy_refused", "What HAProxy can't be given, or does not take.", "proxy"),
        Counter("multicluster.proxy.commands", "multicluster_proxy_commands_total", "Commands that were sent to HAProxy.", "proxy"),
        Counter("multicluster.proxy.commands.refused", "multicluster_proxy_commands_refused_total", "Commands that HAProxy did not take at first.", "proxy"),
        Counter("multicluster.proxy.resyncs", "multicluster_proxy_resyncs_total", "Times that all was read that HAProxy holds.", "proxy"),
        Counter("multicluster.proxy.drift", "multicluster_proxy_drift_repaired_total", "Commands that put right what somebody else had changed in HAProxy.", "proxy"),
        Counter("multicluster.proxy.reloads", "multicluster_proxy_reloads_total", "Reloads of HAProxy, by reason.", "proxy", "reason"),
        Counter("multicluster.proxy.reloads.failed", "multicluster_proxy_reloads_failed_total", "Reloads that HAProxy refused, by reason.", "proxy", "reason"),
        Gauge("multicluster.proxy.slots", "multicluster_proxy_slots", "Places for backends that HAProxy has; 0 from 3.4 on, which makes them.", "proxy"),
        Gauge("multicluster.proxy.slots.used", "multicluster_proxy_slots_used", "Of them, those that are taken; from 3.4 on, the backends.", "proxy"),
    ];

    public static readonly ImmutableArray<MetricInstrument> OfProcesses =
    [
        Gauge("multicluster.build", "multicluster_build_info", "1, with the version of this process.", "version", "role", "runtime"),
        Counter("multicluster.process.cpu", "multicluster_process_cpu_seconds_total", "Processor time that this process has used, HAProxy's not included."),
        Gauge("multicluster.process.memory", "multicluster_process_resident_memory_bytes", "Memory that this process has."),
        Gauge("multicluster.process.heap", "multicluster_process_heap_bytes", "Memory of its objects."),
        Counter("multicluster.process.allocated", "multicluster_process_allocated_bytes_total", "Memory that its objects have ever taken."),
        Counter("multicluster.process.collections", "multicluster_process_gc_collections_total", "Garbage collections, by generation.", "generation"),
        Counter("multicluster.process.pauses", "multicluster_process_gc_pause_seconds_total", "Time for which they held everything up."),
        Gauge("multicluster.process.start", "multicluster_process_start_time_seconds", "When it began, in seconds since 1970."),
        Counter("actor.dead_letters", "multicluster_actor_dead_letters_total", "Messages between parts of the program that nobody handled, by reason.", "reason"),
        Counter("actor.restarts", "multicluster_actor_restarts_total", "Parts of the program that failed and began anew.", "actor_type"),
        Gauge("actor.mailbox.depth", "multicluster_actor_mailbox_depth", "Messages that wait.", "actor_type"),
        Gauge("actor.count", "multicluster_actors", "Parts of the program.", "actor_type", "actor_state"),
    ];

    public static FrozenDictionary<string, MetricInstrument> ByName { get; } =
        OfControllers.Concat(OfProxies).Concat(OfProcesses).ToFrozenDictionary(static item => item.Instrument, StringComparer.Ordinal);

    private static MetricInstrument Gauge(string instrument, string name, string help, params string[] labels) => new(instrument, new(name, MetricKind.Gauge, help, labels));

    private static MetricInstrument Counter(string instrument, string name, string help, params string[] labels) => new(instrument, new(name, MetricKind.Counter, help, labels));
}
