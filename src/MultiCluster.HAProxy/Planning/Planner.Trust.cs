using MultiCluster.HAProxy.Data;

namespace MultiCluster.HAProxy.Planning;

/// <summary>
/// Who signs certificates of clients. A file is there before a line of the certificate list names it, and goes after the last that did. Which
/// host believes whom changes last: until its old lines are gone, a connection may have been made by them.
/// </summary>
public sealed partial class Planner
{
    private readonly List<PlannedCommand> _trust = [];
    private readonly List<PlannedCommand> _trustRemovals = [];
    private readonly List<PlannedCommand> _trustEntries = [];

    private void Trust(string file, TrustKind kind, DesiredData desired, ActualData actual, RemovalHold? hold, bool isSuspect)
    {
        var subject = Subject.Certificate(file);
        _heldBack.Remove(subject);
        var isLoaded = actual.LoadedTrust.Contains(file);
        if (desired.FindTrust(file) is { } wanted)
        {
            if (isLoaded)
                return;
            Add(_trust, commands.NewTrust(file), Effect.None.Instance, subject);
            Add(_trust, commands.SetTrust(wanted), Effect.None.Instance, subject);
            Add(_trust, commands.CommitTrust(file), new Effect.TrustLoaded(file), subject);
            if (isSuspect)
                Add(_trust, commands.AbortTrust(kind, file), Effect.None.Instance, subject);
        }
        else if (isLoaded && hold is not null)
        {
            _heldBack.Add(subject);
        }
        else if (isLoaded)
        {
            AddRemoval(_trustRemovals, commands.DeleteTrust(file), new Effect.TrustDeleted(file), subject, file);
        }
    }

    private void AbortTrust(ActualData actual)
    {
        foreach (var (name, kind) in actual.TrustTransactions)
        {
            if (Commands.AbortTrustOf(kind, name) is { } abort)
                _trust.Insert(0, new(abort, new Effect.TrustTransactionAborted(name), Subject.Certificate(name)));
            else
                _inexpressible.Add(Subject.Foreign(name));
        }
    }

    /// <summary>Endpoints that TLS is passed on to are there before it is told how many there are.</summary>
    private List<PlannedCommand> PlaceOf(MapKey entry, string? held) => entry.Map switch
    {
        MapName.Backends => _owners,
        MapName.Routes or MapName.Defaults => _maps,
        MapName.Passed when !entry.Key.Contains('/', StringComparison.Ordinal) => _maps,
        MapName.Trust when held is not null => _trustEntries,
        _ => _choices,
    };
}
