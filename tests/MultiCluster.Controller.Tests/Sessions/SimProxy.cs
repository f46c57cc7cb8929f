using MultiCluster.Controller.Sessions;
using MultiCluster.Model.Routing;

namespace MultiCluster.Controller.Tests.Sessions;

/// <summary>An agent, the routes that its HAProxy was told, and what must hold for both at every step.</summary>
internal sealed class SimProxy(SimTruth truth)
{
    private readonly SortedDictionary<RouteKey, Route> _routes = [];
    private readonly Dictionary<EntityId, FragmentUpdate> _seen = [];
    private readonly Dictionary<EntityId, FragmentVersion> _gone = [];
    private AgentCore _core = NewCore(null);

    public AgentCore Core => _core;

    public IReadOnlyDictionary<RouteKey, Route> Routes => _routes;

    /// <summary>The next life knows how far the last was, and nothing else.</summary>
    public void Restart()
    {
        _core = NewCore(_core.Memory);
        _routes.Clear();
    }

    public AgentOutcome Receive(ControllerMessage message, DateTimeOffset now)
    {
        var outcome = _core.Receive(message, now);
        foreach (var (key, route) in outcome.Delta?.Routes ?? [])
        {
            if (route is null)
                _routes.Remove(key);
            else
                _routes[key] = route;
        }

        Check();
        return outcome;
    }

    /// <summary>A fresh life is judged once it says that it is complete.</summary>
    private void Check()
    {
        foreach (var (entity, before) in _seen.ToList())
        {
            if (_core.Row(entity) is { } row)
                Assert.True(row.Version >= before.Version || !_core.Readiness.IsComplete, $"{entity} went back from {before.Version} to {row.Version}");
            if (_core.Row(entity)?.Fragment is null && _core.Readiness.IsComplete && before.Fragment is not null)
                Assert.True(truth.WasDeletedAfter(before), $"{entity} of {before.Version} is gone although nobody deleted it");
        }

        for (var n = 0; n < 12; n++)
            CheckDeleted(Rows.Id($"i{n}"));
        for (var n = 0; n < 12; n++)
        {
            if (_core.Row(Rows.Id($"i{n}")) is { } row && (!_seen.TryGetValue(row.Entity, out var known) || row.Version > known.Version))
                _seen[row.Entity] = row;
        }
    }

    /// <summary>What was deleted comes back only as something newer.</summary>
    private void CheckDeleted(EntityId entity)
    {
        if (!_core.Readiness.IsComplete)
            return;
        if (_core.Row(entity) is { Fragment: not null } live)
            Assert.False(_gone.TryGetValue(entity, out var last) && live.Version <= last, $"{entity} of {live.Version} is back although it was deleted");
        else if (_seen.TryGetValue(entity, out var seen))
            _gone[entity] = seen.Version;
    }

    private static AgentCore NewCore(AgentMemory? memory) =>
        new(new AgentIdentity("prod", "edge", "life"), new AgentOptions { CatchUp = TimeSpan.MaxValue }, memory);
}
