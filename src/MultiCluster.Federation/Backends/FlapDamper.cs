using System.Globalization;
using MultiCluster.Federation.Text;
using MultiCluster.Model.Collections;
using MultiCluster.Model.Conditions;
using MultiCluster.Model.Identity;
using MultiCluster.Model.Routing;

namespace MultiCluster.Federation.Backends;

/// <summary>
/// Promise P9. A pod that is ready for a moment again and again, since its container crashes or its probe is at its limit, would be sent
/// requests each time only to fail them. It leaves at once, as ever, but from its fourth return on, with less than a minute between, it
/// has to stay ready for a while first: 1 s, then twice as long each time, 30 s at most. Pods that were never seen before wait for nothing,
/// so a surge is not throttled; and where more than half of a port's pods would have to wait, none does: then it is not the pods.
/// Owned by one actor: not for use by two threads.
/// </summary>
/// <remarks>Not damped are addresses without a pod: those of nodes, load balancers and names come and go by rules of their own.</remarks>
public sealed class FlapDamper
{
    public const int FreeReturns = 3;

    /// <summary>Pods that are remembered at a time; more than so many that come and go are a surge.</summary>
    private const int MaxTracks = 4096;

    public static readonly TimeSpan Calm = TimeSpan.FromMinutes(1);
    public static readonly TimeSpan FirstWait = TimeSpan.FromSeconds(1);
    public static readonly TimeSpan MaxWait = TimeSpan.FromSeconds(30);

    private readonly Dictionary<PodKey, Track> _tracks = [];
    private readonly List<Track> _waiting = [];
    private EquatableArray<MemberBackend>? _before;
    private TimeSpan _nextPrune;

    /// <summary>When a pod's wait ends, by the clock given to <see cref="Apply"/>; null while none waits.</summary>
    public TimeSpan? Due { get; private set; }

    /// <param name="merged">What the members say.</param>
    /// <param name="now">Of a clock that never goes back.</param>
    /// <returns>What counts: pods that wait are among those that are not ready.</returns>
    public Fragment.Backend Apply(Fragment.Backend merged, TimeSpan now)
    {
        if (_before is { } before)
        {
            foreach (var member in merged.Members.Items)
                Note(member.Member, Find(before, member.Member), member, now);
            foreach (var member in before.Items)
            {
                if (Find(merged.Members, member.Member) is null)
                    Note(member.Member, member, null, now);
            }
        }

        _before = merged.Members;
        Prune(now);
        Due = _waiting.Count == 0 ? null : NextDue(now);
        return Due is null ? merged : Damped(merged, now);
    }

    /// <summary>By itself, so that events of backends where nobody waits allocate nothing.</summary>
    private TimeSpan? NextDue(TimeSpan now)
    {
        _waiting.RemoveAll(track => !track.Waits(now));
        return _waiting.Count == 0 ? null : _waiting.Min(static track => track.Until);
    }

    private void Note(MemberName member, MemberBackend? before, MemberBackend? after, TimeSpan now)
    {
        if (ReferenceEquals(before, after))
            return;
        foreach (var port in before?.Ports.Items ?? [])
            Note(member, port.Endpoints, Find(after, port)?.Endpoints ?? [], now);
        foreach (var port in after?.Ports.Items ?? [])
        {
            if (Find(before, port) is null)
                Note(member, [], port.Endpoints, now);
        }
    }

    /// <summary>Both are sorted by address and port, and no two are alike: one walk along both finds what differs.</summary>
    private void Note(MemberName member, EquatableArray<BackendEndpoint> before, EquatableArray<BackendEndpoint> after, TimeSpan now)
    {
        var left = before.AsSpan();
        var right = after.AsSpan();
        var (i, j) = (0, 0);
        while (i < left.Length || j < right.Length)
        {
            var order = i == left.Length ? 1 : j == right.Length ? -1 : Compare(left[i], right[j]);
            if (order == 0 && string.Equals(left[i].Pod, right[j].Pod, StringComparison.Ordinal))
            {
                i++;
                j++;
                continue;
            }

            if (order <= 0)
                Leave(new PodKey(member, left[i].Pod, left[i++].Address), now);
            if (order >= 0)
                Return(new PodKey(member, right[j].Pod, right[j++].Address), now);
        }
    }

    /// <summary>A pod with several ports leaves once.</summary>
    private void Leave(PodKey key, TimeSpan now)
    {
        if (key.Pod.Length == 0)
            return;
        if (_tracks.TryGetValue(key, out var track))
            track.Leave(now);
        else if (_tracks.Count < MaxTracks)
            _tracks.Add(key, new Track(now));
    }

    private void Return(PodKey key, TimeSpan now)
    {
        if (key.Pod.Length > 0 && _tracks.TryGetValue(key, out var track) && track.Return(now))
            _waiting.Add(track);
    }

    private void Prune(TimeSpan now)
    {
        if (_tracks.Count == 0 || now < _nextPrune)
            return;
        _nextPrune = now + Calm;
        foreach (var (key, track) in _tracks)
        {
            if (track.IsForgotten(now))
                _tracks.Remove(key);
        }
    }

    private Fragment.Backend Damped(Fragment.Backend merged, TimeSpan now)
    {
        var conditions = merged.Conditions.ToList();
        var members = merged.Members.Select(member =>
        {
            var waiting = new SortedDictionary<string, string>(StringComparer.Ordinal);
            var ports = member.Ports.Select(port => Damped(member.Member, port, waiting, now)).ToEquatableArray();
            if (waiting.Count > 0)
                conditions.Add(new CopyCondition(member.Member, Condition(merged.Service, member.Member, [.. waiting.Values])));
            return waiting.Count == 0 ? member : member with { Ports = ports };
        }).ToEquatableArray();
        return merged with { Members = members, Conditions = conditions.ToEquatableArray() };
    }

    /// <param name="waiting">What is said of each pod that waits, by pod and address.</param>
    private BackendPort Damped(MemberName member, BackendPort port, SortedDictionary<string, string> waiting, TimeSpan now)
    {
        var held = port.Endpoints.Where(endpoint => Find(member, endpoint) is { } track && track.Waits(now)).ToList();
        if (held.Count == 0)
            return port;
        if (held.Count * 2 > port.Endpoints.Count)
        {
            // Let in, they stay in, however many come after them.
            foreach (var endpoint in held)
                Find(member, endpoint)!.EndWait(now);
            return port;
        }

        foreach (var endpoint in held)
            waiting[$"{endpoint.Pod} {endpoint.Address}"] = Describe(endpoint, Find(member, endpoint)!);
        var unready = port.Unready.Concat(held.Select(static endpoint => new UnreadyEndpoints(endpoint.Zone, 1)))
            .GroupBy(static item => item.Zone, StringComparer.Ordinal)
            .Select(static zone => new UnreadyEndpoints(zone.Key, zone.Sum(static item => item.Count)))
            .OrderBy(static item => item.Zone, StringComparer.Ordinal);
        return port with { Endpoints = port.Endpoints.Where(endpoint => !held.Contains(endpoint)).ToEquatableArray(), Unready = unready.ToEquatableArray() };
    }

    private static Condition Condition(ObjectKey service, MemberName member, string[] pods) => new(
        ConditionType.PartiallyInvalid, true, Reasons.Flapping,
        $"{member}: Service {Shown.Key(service)}: {Listing.Join(pods)}; find out why it restarts or fails its readiness probe")
    {
        Details = pods.ToEquatableArray(),
    };

    private static string Describe(BackendEndpoint endpoint, Track track) => string.Create(
        CultureInfo.InvariantCulture,
        $"pod {endpoint.Pod} at {endpoint.Address} became ready {track.Returns} times with less than a minute between, and takes requests when it has been ready for {track.Wait.TotalSeconds:0} s");

    private Track? Find(MemberName member, BackendEndpoint endpoint) => _tracks.GetValueOrDefault(new PodKey(member, endpoint.Pod, endpoint.Address));

    private static MemberBackend? Find(EquatableArray<MemberBackend> members, MemberName name)
    {
        foreach (var member in members.Items)
        {
            if (member.Member == name)
                return member;
        }

        return null;
    }

    private static BackendPort? Find(MemberBackend? member, BackendPort port)
    {
        foreach (var candidate in member?.Ports.Items ?? [])
        {
            if (string.Equals(candidate.Name, port.Name, StringComparison.Ordinal))
                return candidate;
        }

        return null;
    }

    private static int Compare(BackendEndpoint left, BackendEndpoint right) =>
        string.CompareOrdinal(left.Address, right.Address) is var order and not 0 ? order : left.Port.CompareTo(right.Port);

    private readonly record struct PodKey(MemberName Member, string Pod, string Address);

    /// <summary>A pod that has left at least once.</summary>
    private sealed class Track(TimeSpan left)
    {
        private TimeSpan _changed = left;
        private bool _isAway = true;

        public int Returns { get; private set; }

        public TimeSpan Until { get; private set; }

        public TimeSpan Wait => Returns <= FreeReturns
            ? TimeSpan.Zero
            : TimeSpan.FromTicks(Math.Min(MaxWait.Ticks, FirstWait.Ticks << Math.Min(Returns - FreeReturns - 1, 10)));

        public bool Waits(TimeSpan now) => !_isAway && Until > now;

        public bool IsForgotten(TimeSpan now) => now - _changed >= Calm;

        public void EndWait(TimeSpan now) => Until = now;

        public void Leave(TimeSpan now)
        {
            if (_isAway)
                return;
            if (IsForgotten(now))
                Returns = 0;
            (_isAway, _changed) = (true, now);
        }

        /// <returns>Whether it has to wait.</returns>
        public bool Return(TimeSpan now)
        {
            if (!_isAway)
                return false;
            Returns = IsForgotten(now) ? 0 : Returns + 1;
            (_isAway, _changed) = (false, now);
            Until = now + Wait;
            return Waits(now);
        }
    }
}
