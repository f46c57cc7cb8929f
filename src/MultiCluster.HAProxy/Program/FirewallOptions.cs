using MultiCluster.Model.Collections;

namespace MultiCluster.HAProxy.Program;

/// <summary>What agents that check requests are called, by which they expect other words and answer in other ones.</summary>
public enum FirewallKind
{
    ModSecurity,
    Coraza,
}

/// <summary>Agents that check requests for routes whose policy wants it.</summary>
public sealed record FirewallOptions
{
    /// <summary>Addresses with ports; none: there is no firewall.</summary>
    public EquatableArray<string> Endpoints { get; init; } = [];

    public FirewallKind Kind { get; init; }

    /// <summary>What of a request is sent, in HAProxy's words; null for what agents of the kind expect.</summary>
    public string? Arguments { get; init; }

    public TimeSpan Connect { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>For the first words of an agent on a connection.</summary>
    public TimeSpan Hello { get; init; } = TimeSpan.FromMilliseconds(100);

    /// <summary>How long a connection is kept that nothing is asked on.</summary>
    public TimeSpan Idle { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How long a request waits for the answer.</summary>
    public TimeSpan Processing { get; init; } = TimeSpan.FromSeconds(1);

    public TimeSpan Server { get; init; } = TimeSpan.FromSeconds(5);

    public bool IsOn => !Endpoints.IsEmpty;
}
