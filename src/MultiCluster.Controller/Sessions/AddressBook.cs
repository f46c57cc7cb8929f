using System.Collections.Immutable;

namespace MultiCluster.Controller.Sessions;

/// <summary>Which controller to try next, and when: one after the other, in an order of this agent's own. Pure.</summary>
internal sealed class AddressBook
{
    private readonly ImmutableArray<string> _addresses;
    private readonly AgentOptions _options;
    private readonly Random _random;
    private int _next;
    private int _failures;

    public AddressBook(ImmutableArray<string> addresses, AgentOptions options, Random random)
    {
        if (addresses.IsDefaultOrEmpty)
            throw new ArgumentException("An agent needs the address of a controller.", nameof(addresses));
        var shuffled = addresses.ToArray();
        random.Shuffle(shuffled);
        (_addresses, _options, _random) = ([.. shuffled], options, random);
    }

    public string Current => _addresses[_next];

    /// <summary>The controller has welcomed this agent.</summary>
    public void Succeeded() => _failures = 0;

    /// <summary>
    /// A session that stood has ended. Its controller comes last now: all know the same, and one that leaves, stands still or is cut off
    /// would only keep the agent waiting.
    /// </summary>
    /// <returns>How long to wait.</returns>
    public TimeSpan Lost()
    {
        _next = (_next + 1) % _addresses.Length;
        return Jitter(_options.BackoffBase);
    }

    /// <returns>How long to wait before the next.</returns>
    public TimeSpan Failed()
    {
        _next = (_next + 1) % _addresses.Length;
        var rounds = ++_failures / _addresses.Length;
        if (rounds == 0)
            return Jitter(_options.BackoffBase / 4);
        var delay = Math.Min(_options.BackoffCap.Ticks, _options.BackoffBase.Ticks * Math.Pow(2, Math.Min(rounds, 30)));
        return Jitter(TimeSpan.FromTicks((long)delay));
    }

    /// <summary>Between a half and the whole, so that many agents don't come at once.</summary>
    private TimeSpan Jitter(TimeSpan delay) => delay * (0.5 + (_random.NextDouble() / 2));
}
