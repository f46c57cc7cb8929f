using MultiCluster.HAProxy.Data;
using MultiCluster.HAProxy.Planning;
using MultiCluster.HAProxy.Program;
using MultiCluster.HAProxy.Tests.Support;
using MultiCluster.HAProxy.Traffic;
using MultiCluster.Model.Routing;

namespace MultiCluster.HAProxy.Tests.Planning;

/// <summary>One random run: a reconciler against a simulated HAProxy, either of which may restart.</summary>
internal sealed class SimulatedRun
{
    private const int Slots = 5;

    private readonly ProxyFeatures _features;
    private readonly Script _script;
    private readonly World _world = new();
    private readonly ProxySimulator _proxy;
    private readonly StartFileRenderer _renderer;
    private Reconciler _reconciler;
    private readonly List<string> _transcript = [];
    private StartFile _file;

    /// <summary>Some commands fail without a reason.</summary>
    private bool _faults;

    /// <summary>HAProxy came back from a start file that is behind, or refused something, and was not yet brought forward.</summary>
    private bool _isBehind;

    public SimulatedRun(ProxyFeatures features, Script script)
    {
        _features = features;
        _script = script;
        _proxy = new ProxySimulator(features) { Connections = () => script.Next(3) };
        var options = new ProgramOptions { Binds = [new BindOptions("*:80", false)], PoolSize = Slots, PolicyPoolSize = 2 };
        _renderer = new StartFileRenderer(options, Make.Paths, features, Make.Pem);
        _reconciler = Start([], Slots);
        _file = _renderer.Render(_reconciler.Desired);
        Load();
    }

    /// <exception cref="InvalidOperationException">An expectation failed; tells what was sent before.</exception>
    public void Play()
    {
        try
        {
            PlayToTheEnd();
        }
        catch (Exception failure)
        {
            throw new InvalidOperationException($"{failure.Message}\nafter\n{string.Join('\n', _transcript.TakeLast(60))}", failure);
        }
    }

    private void PlayToTheEnd()
    {
        while (!_script.IsAtEnd)
            Step();
        _faults = false;
        _reconciler.HoldRemovals(null);
        _reconciler.Forgive();
        _reconciler.Adopt(_proxy.Observe());
        Quiesce();
        while (_reconciler.NeedsPool)
        {
            Reload();
            Quiesce();
        }

        Rest();
        Rest();
        Quiesce();
        Expectations.Reached(_world, _reconciler.Desired, _proxy);
    }

    private Reconciler Start(IReadOnlyList<KeyValuePair<string, PlaceKey>> held, int slots) => new(
        new DesiredData(new BackendPool(_features, profile => Math.Max(profile == default ? slots : 2, held.Count(item => item.Value.Profile == profile)), held), new SteeringOptions(ProxyLocality.Unknown, 12, "key")),
        new Planner(new Commands(Make.Paths, null, _features), _features));

    private void Step()
    {
        switch (_script.Next(17))
        {
            case <= 8:
                _reconciler.Apply(_world.Change(_script));
                if (_script.Chance(70))
                    RunOnce();
                break;
            case 9:
                Quiesce();
                break;
            case 10:
                ChangeHold();
                break;
            case 11:
                _reconciler.Adopt(_proxy.Observe());
                break;
            case 12:
                RestartAgent();
                break;
            case 13:
                _file = _renderer.Render(_reconciler.Desired);
                break;
            case 14:
                if (_reconciler.NeedsPool)
                    Reload();
                break;
            case 15:
                Rest();
                break;
            default:
                Fail();
                break;
        }
    }

    private void Rest()
    {
        _reconciler.Desired.Now += DesiredData.PolicyRest / 2;
        _reconciler.ForgetPolicies();
    }

    private void ChangeHold()
    {
        _reconciler.HoldRemovals(_reconciler.Hold is not null ? null : new RemovalHold(_script.Chance(50) ? [new("aws"), new("gcp")] : [new("gcp")]) { OfValues = _script.Chance(50) });
        _transcript.Add($"-- removals are held: {_reconciler.Hold?.ToString() ?? "no"}");
    }

    private void Fail()
    {
        if (_script.Chance(50))
        {
            _faults = !_faults;
            return;
        }

        _isBehind = true;
        Load();
        _transcript.Add("-- HAProxy crashed and came back");
    }

    private void Load()
    {
        _proxy.Load(_file);
        _reconciler.Adopt(_proxy.Observe());
    }

    private void Reload()
    {
        _transcript.Add("-- reload with a larger pool");
        _reconciler.GrowPool();
        _file = _renderer.Render(_reconciler.Desired);
        Load();
        _isBehind = false;
    }

    private void RestartAgent()
    {
        _transcript.Add("-- the agent restarts");
        var held = _proxy.Map(MapName.Backends)
            .Select(static pair => (pair.Key, Owner: BackendNames.Parse(pair.Value)))
            .Where(static pair => pair.Owner is not null)
            .Select(static pair => KeyValuePair.Create(pair.Key, pair.Owner!));
        _reconciler = Start([.. held], Math.Max(Slots, _proxy.Backends.Keys.Count(static name => BackendPool.SlotOf(name)?.Profile == default(BackendProfile))));
        _reconciler.Apply(_world.Whole());
        _reconciler.Adopt(_proxy.Observe());
    }

    private void Quiesce()
    {
        for (var rounds = 0; _reconciler.HasPending; rounds++)
        {
            Assert.True(rounds < 500, "the plans never end");
            RunOnce();
        }

        _isBehind = _faults;
    }

    /// <summary>A server that rests with its agent at work rests by the agent's word, since it was made ready before that: nothing refuses this.</summary>
    private static bool IsBeforeAgent(Plan plan, string line) =>
        line.EndsWith(" state ready", StringComparison.Ordinal) && plan.Commands.Any(other => other.Command.Line == $"enable agent {line.Split(' ')[2]}");

    private void RunOnce()
    {
        var before = Expectations.Served(_proxy);
        var plan = _reconciler.Next();
        var replies = new List<string>();
        foreach (var planned in plan.Commands)
        {
            if (_reconciler.Hold is { } hold)
                Expectations.IsAddition(planned, _proxy, hold);
            // HAProxy has no reason to refuse publishing what it just made, nor to give cookies.
            var fails = _faults && _script.Chance(10) && !planned.Command.Line.StartsWith("publish", StringComparison.Ordinal)
                && !planned.Command.Line.StartsWith("enable dynamic-cookie", StringComparison.Ordinal) && !IsBeforeAgent(plan, planned.Command.Line);
            replies.Add(fails ? "Internal error." : _proxy.Execute(planned.Command));
            _transcript.Add($"{planned.Command.Line} -> {replies[^1]}");
            if (!_faults)
                Expectations.IsServable(_world, _reconciler.Desired, _proxy, before, _isBehind, _reconciler.Hold is not null, planned.Command);
        }

        var settlement = _reconciler.Settle(plan, replies);
        if (!_faults)
            Assert.Empty(settlement.Doubts);
        if (!settlement.Doubts.IsEmpty)
        {
            _isBehind = true;
            _reconciler.Adopt(_proxy.Observe());
        }

        _reconciler.Touch(settlement.Later);
    }
}
