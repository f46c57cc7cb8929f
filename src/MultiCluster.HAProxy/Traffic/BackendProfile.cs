using MultiCluster.Model.Traffic;

namespace MultiCluster.HAProxy.Traffic;

/// <summary>What a backend is made from: how it chooses a server, and whether a cookie binds a session to one.</summary>
public readonly record struct BackendProfile(LoadBalancing Balance = LoadBalancing.RoundRobin, bool BindsSessions = false)
{
    public static readonly IReadOnlyList<BackendProfile> All =
    [
        default,
        new(LoadBalancing.LeastConnections),
        new(LoadBalancing.RoundRobin, BindsSessions: true),
        new(LoadBalancing.LeastConnections, BindsSessions: true),
    ];

    /// <summary>Short, for real names of backends.</summary>
    public string Name => (Balance, BindsSessions) switch
    {
        (LoadBalancing.LeastConnections, false) => "lc",
        (LoadBalancing.RoundRobin, true) => "rr-cookie",
        (LoadBalancing.LeastConnections, true) => "lc-cookie",
        _ => "rr",
    };

    /// <summary>Name of the <c>defaults</c> section of the program, and first part of the names of its slots.</summary>
    public string Defaults => this == default ? "slot" : Name;

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
