using MultiCluster.Model.Policies;

namespace MultiCluster.HAProxy.Traffic;

/// <summary>What a backend is made from, since it can't be said of a server: how it chooses one, whether a cookie binds a session to one, and what checks are.</summary>
/// <param name="IsTcp">Of connections: nothing in it is about requests.</param>
/// <param name="AsksHttp">Checks ask for a path, which is data; otherwise they open a connection.</param>
public readonly record struct BackendProfile(BalanceAlgorithm Balance = BalanceAlgorithm.RoundRobin, bool BindsSessions = false, bool AsksHttp = false, bool IsTcp = false)
{
    private static readonly (BalanceAlgorithm Balance, bool Binds, string Name)[] Choices =
    [
        (BalanceAlgorithm.RoundRobin, false, "rr"),
        (BalanceAlgorithm.LeastConnections, false, "lc"),
        (BalanceAlgorithm.RoundRobin, true, "rr-cookie"),
        (BalanceAlgorithm.LeastConnections, true, "lc-cookie"),
        (BalanceAlgorithm.First, false, "first"),
        (BalanceAlgorithm.Random, false, "random"),
        (BalanceAlgorithm.Hash, false, "hash"),
    ];

    public static readonly IReadOnlyList<BackendProfile> All =
    [
        .. Choices.Select(static choice => new BackendProfile(choice.Balance, choice.Binds)),
        .. Choices.Select(static choice => new BackendProfile(choice.Balance, choice.Binds, AsksHttp: true)),
        new BackendProfile(IsTcp: true),
        new BackendProfile(BalanceAlgorithm.LeastConnections, IsTcp: true),
    ];

    public static BackendProfile OfTcp(BalanceAlgorithm balance) =>
        new(balance == BalanceAlgorithm.LeastConnections ? balance : BalanceAlgorithm.RoundRobin, IsTcp: true);

    /// <summary>A session that is bound needs no other way back to its server, so that a cookie goes with the two plain algorithms only.</summary>
    public static BackendProfile Of(BalanceAlgorithm balance, bool bindsSessions, bool asksHttp) =>
        new(bindsSessions && balance != BalanceAlgorithm.LeastConnections ? BalanceAlgorithm.RoundRobin : balance, bindsSessions, asksHttp);

    /// <summary>Short, for real names of backends.</summary>
    public string Name
    {
        get
        {
            if (IsTcp)
                return Balance == BalanceAlgorithm.LeastConnections ? "tcp-lc" : "tcp";
            var (balance, binds) = (Balance, BindsSessions);
            var choice = Array.Find(Choices, choice => choice.Balance == balance && choice.Binds == binds).Name;
            return AsksHttp ? $"{choice}-http" : choice;
        }
    }

    /// <summary>Name of the <c>defaults</c> section of the program, and first part of the names of its slots.</summary>
    public string Defaults => this == default ? "slot" : Name;

    /// <summary>Where servers are in HAProxy follows from a number of theirs, which has to be the same on every proxy.</summary>
    public bool IsOrdered => Balance is BalanceAlgorithm.First or BalanceAlgorithm.Random or BalanceAlgorithm.Hash;

    public static BackendProfile? Parse(ReadOnlySpan<char> name)
    {
        foreach (var profile in All)
        {
            if (name.SequenceEqual(profile.Name))
                return profile;
        }

        return null;
    }

    public override string ToString() => Name;
}
