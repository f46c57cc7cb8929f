using MultiCluster.HAProxy.Runtime.Statistics;

namespace MultiCluster.Controller.Metrics.Traffic;

/// <summary>What is told of a service, of an endpoint, or of a member's endpoints together. Counters grow as long as it exists, whatever HAProxy's do.</summary>
internal class Series(byte[] labels, int counters)
{
    /// <summary>See <see cref="LabelText"/>.</summary>
    public byte[] Labels { get; } = labels;

    public long[] Totals { get; } = new long[counters];

    public long Sessions { get; set; }

    public long Queue { get; set; }

    /// <summary>Of the last reading that had it.</summary>
    public int Seen { get; set; }

    public void Add(ReadOnlySpan<long> deltas)
    {
        for (var i = 0; i < Totals.Length; i++)
            Totals[i] += deltas[i];
    }

    /// <summary>What is a state, and no counter, is counted anew with each reading.</summary>
    public virtual void Begin(int reading) => (Seen, Sessions, Queue) = (reading, 0, 0);
}

/// <summary>An endpoint, however many of HAProxy's backends have a server for it.</summary>
internal sealed class EndpointSeries(byte[] labels, MemberSeries member) : Series(labels, StatColumns.OfServers)
{
    public MemberSeries Member { get; } = member;

    public bool IsUp { get; set; }

    public long Weight { get; set; }

    public override void Begin(int reading)
    {
        base.Begin(reading);
        (IsUp, Weight) = (false, 0);
    }
}

/// <summary>A member's endpoints of a service together.</summary>
internal sealed class MemberSeries(byte[] labels, string name) : Series(labels, StatColumns.OfServers)
{
    public string Name { get; } = name;

    public int Endpoints { get; set; }

    public int Up { get; set; }

    public long Weight { get; set; }

    public override void Begin(int reading)
    {
        base.Begin(reading);
        (Endpoints, Up, Weight) = (0, 0, 0);
    }
}

/// <summary>A Service's port, however many of HAProxy's backends it has.</summary>
internal sealed class ServiceSeries(byte[] labels) : Series(labels, StatColumns.Counters)
{
    private readonly Dictionary<string, MemberSeries> _members = new(StringComparer.Ordinal);

    /// <summary>By the name of the server without how it is used.</summary>
    public Dictionary<string, EndpointSeries> Endpoints { get; } = new(StringComparer.Ordinal);

    public IReadOnlyCollection<MemberSeries> Members => _members.Values;

    public int Up { get; private set; }

    /// <param name="server">Such as <c>aws:cart-1:10.0.0.7:8080</c>.</param>
    /// <returns>Null for a name that we have not given.</returns>
    public EndpointSeries? EndpointOf(ReadOnlySpan<char> server)
    {
        var lookup = Endpoints.GetAlternateLookup<ReadOnlySpan<char>>();
        if (lookup.TryGetValue(server, out var known))
            return known;
        var (first, last) = (server.IndexOf(':'), server.LastIndexOf(':'));
        var second = first < 0 ? -1 : first + 1 + server[(first + 1)..].IndexOf(':');
        if (first <= 0 || second <= first || second >= last)
            return null;
        var name = server[..first].ToString();
        if (!_members.TryGetValue(name, out var member))
            _members.Add(name, member = new MemberSeries(LabelText.And(Labels, ("member", name)), name));
        var pod = server[(first + 1)..second];
        var address = server[(second + 1)..last].ToString();
        var all = LabelText.And(
            member.Labels,
            ("pod", pod is "-" ? "" : pod.ToString()),
            ("address", address.Contains(':', StringComparison.Ordinal) ? $"[{address}]:{server[(last + 1)..]}" : $"{address}:{server[(last + 1)..]}"));
        var endpoint = new EndpointSeries(all, member);
        Endpoints.Add(server.ToString(), endpoint);
        return endpoint;
    }

    /// <summary>After a reading: counts, and forgets what is no more.</summary>
    public void Close(int reading)
    {
        Up = 0;
        foreach (var member in _members.Values)
            member.Begin(reading);
        foreach (var (server, endpoint) in Endpoints)
        {
            if (endpoint.Seen != reading)
            {
                Endpoints.Remove(server);
                continue;
            }

            var member = endpoint.Member;
            member.Endpoints++;
            member.Sessions += endpoint.Sessions;
            member.Queue += endpoint.Queue;
            member.Weight += endpoint.Weight;
            member.Up += endpoint.IsUp ? 1 : 0;
            Up += endpoint.IsUp ? 1 : 0;
        }

        foreach (var (name, member) in _members)
        {
            if (member.Endpoints == 0)
                _members.Remove(name);
        }
    }
}
