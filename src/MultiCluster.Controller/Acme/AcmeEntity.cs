using System.Diagnostics.CodeAnalysis;
using MultiCluster.Acme;
using MultiCluster.Actors;
using MultiCluster.Cluster.Replication;
using MultiCluster.Cluster.Sharding;
using MultiCluster.Controller.Entities;
using MultiCluster.Controller.Records;
using MultiCluster.Controller.Status;
using MultiCluster.Model.Conditions;
using MultiCluster.Model.Identity;
using MultiCluster.Model.Members;
using MultiCluster.Model.Routing;

namespace MultiCluster.Controller.Acme;

/// <summary>
/// Gets certificates for the Ingresses of all members, one node at a time: its shard's. What it publishes are the routes of challenges that are
/// under way, which proxies answer; certificates go to the Secrets that the Ingresses name, and come back from there as any other's.
/// </summary>
[SuppressMessage("Design", "CA1001", Justification = "An actor's resources end in PostStopAsync.")]
public sealed partial class AcmeEntity : FederatedEntity<IngressCopy>
{
    /// <summary>Of no Ingress that anybody has.</summary>
    public static readonly ObjectKey Name = new("multicluster-acme", "challenges");

    private static readonly TimeSpan TickInterval = TimeSpan.FromMilliseconds(250);

    private readonly EntityStart _start;
    private readonly AcmeParts _parts;
    private readonly AcmeIngresses _ingresses;
    private readonly HashSet<HttpChallenge> _challenges = [];
    private readonly List<AcmeChallenges.Publish> _waiting = [];
    private readonly ProgrammedMarks _marks = new();
    private Fragment.Ingress? _fragment;
    private bool _isAsking;
    private bool _isReady;
    private bool _isDue;
    private bool _isConsidering;

    internal AcmeEntity(EntityStart start, EntityContext shared, AcmeParts parts)
        : base(start, shared)
    {
        (_start, _parts) = (start, parts);
        _ingresses = new AcmeIngresses(parts.Settings.TracksTlsAcme);
    }

    private protected override bool IsEmpty => false;

    private DateTimeOffset Now => Context.System.TimeProvider.GetUtcNow();

    protected override ValueTask PreStartAsync()
    {
        Begin();
        return base.PreStartAsync();
    }

    protected override ValueTask PostRestartAsync(Exception cause)
    {
        Begin();
        return base.PostRestartAsync(cause);
    }

    /// <summary>The next owner may be of the same disk: it is not to meet a write of this one.</summary>
    protected override async ValueTask PostStopAsync()
    {
        _start.Table.Tell(new TableProtocol.Unsubscribe(), Self);
        EndOrders();
        await DiskAsync();
        await base.PostStopAsync();
    }

    private void Begin()
    {
        OpenFolder();
        _start.Table.Tell(new TableProtocol.Subscribe(), Self);
        Context.Timers.StartPeriodic(Tick.Instance, TickInterval, Tick.Instance);
    }

    private protected override void Handle(object message)
    {
        switch (message)
        {
            case TableProtocol.Snapshot snapshot:
                _ingresses.Reset(snapshot.Live);
                (_isReady, _isDue) = (snapshot.IsReady, true);
                break;
            case TableProtocol.Changed changed:
                foreach (var entry in changed.Entries)
                    _isDue |= _ingresses.Take(entry);
                break;
            case TableProtocol.Ready:
                (_isReady, _isDue) = (true, true);
                break;
            case TableProtocol.Whole:
                break;
            case AcmeChallenges.Publish publish:
                _challenges.UnionWith(publish.Challenges.Items);
                _waiting.Add(publish);
                Reconsider(new Cause(CauseKind.Operator, null, "challenges"));
                break;
            case AcmeChallenges.Withdraw withdraw:
                _challenges.ExceptWith(withdraw.Challenges.Items);
                Reconsider(new Cause(CauseKind.Operator, null, "challenges"));
                break;
            case Surveyed surveyed:
                OnSurveyed(surveyed);
                break;
            case Tick:
                Look();
                break;
            case EntityProtocol.GetIngress:
                Context.Reply(new EntityProtocol.IngressState(Name, _fragment, _fragment?.Conditions ?? []));
                break;
            case EntityProtocol.ConflictsChanged or EntityProtocol.MembersChanged:
                break;
            default:
                HandleOrders(message);
                break;
        }
    }

    private protected override EntityRecord? Merge(DateTimeOffset now)
    {
        var routes = ChallengeRoutes.Of(_challenges);
        _fragment = routes.IsEmpty ? null : new Fragment.Ingress(Name, routes, [], [], []);
        return _fragment is null ? null : new EntityRecord.Ingress(Name, [], _fragment);
    }

    /// <summary>What another owner had under way is over.</summary>
    private protected override IEnumerable<(MemberName Member, IngressCopy Copy)> Take(EntityRecord record) => [];

    private protected override Cause CauseOf(MemberName member, IngressCopy? copy, IngressCopy? before) => new(CauseKind.Observed, null);

    private void Look()
    {
        _waiting.RemoveAll(static publish => publish.Done.Task.IsCompleted);
        if (_waiting.Count > 0 && !_isAsking && _fragment is not null)
        {
            _isAsking = true;
            var asked = _fragment;
            Context.PipeToSelf(
                _parts.Survey.AskAsync(new SurveyQuestion([Name], []), Context.Stopping),
                answer => new Surveyed(asked, answer, null),
                failure => new Surveyed(asked, null, failure.Message));
        }

        if (_isReady && !_isConsidering && (_isDue || _decideAt <= Now))
            Consider();
    }

    /// <summary>Those that wait now wait for all that was asked about, unless more has come meanwhile; what is refused of one order is no matter of another.</summary>
    private void OnSurveyed(Surveyed surveyed)
    {
        _isAsking = false;
        if (surveyed.Answer is not { } answer || !ReferenceEquals(surveyed.Asked, _fragment))
            return;
        foreach (var waiting in _waiting)
        {
            var part = surveyed.Asked with { Routes = ChallengeRoutes.Of(waiting.Challenges) };
            var said = _marks.Look(surveyed.Asked, answer.Rows.GetValueOrDefault(Name), answer.Proxies, part);
            var isDone = said.Status == true || (said.Status is null && _parts.Settings.Propagation > TimeSpan.Zero);
            if (isDone || said.Reason == Reasons.Refused)
                waiting.Done.TrySetResult(isDone ? null : said.Message);
        }
    }

    private sealed record Surveyed(Fragment.Ingress Asked, SurveyAnswer? Answer, string? Problem);

    private sealed record Tick
    {
        public static readonly Tick Instance = new();
    }
}
