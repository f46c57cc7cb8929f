using System.Collections.Immutable;
using MultiCluster.Kubernetes.Client;
using MultiCluster.Model.Collections;
using MultiCluster.Model.Identity;
using MultiCluster.Model.Resources;
using MultiCluster.Model.Security;

namespace MultiCluster.Kubernetes.Discovery;

/// <summary>What the home cluster says of members, and what follows from it. Not thread-safe.</summary>
internal sealed class DiscoveryState(KubeConfigTrust trust)
{
    public const string DefaultKey = "kubeconfig";

    private readonly Dictionary<string, MemberDefinition> _lastGood = new(StringComparer.Ordinal);
    private readonly Dictionary<string, (Secret Content, KubeConfigResult Result)> _parsed = new(StringComparer.Ordinal);
    private readonly SortedDictionary<string, MemberDefinition> _published = new(StringComparer.Ordinal);
    private readonly Dictionary<ObjectKey, ReferredSecret> _referred = [];
    private ImmutableArray<DiscoveryProblem> _problems = [];
    private bool _isSettled;
    private bool _isWhole;

    public SourceObjects Labelled { get; } = new("Secrets with a kubeconfig label", static item => [item.Key.Name]);

    public SourceObjects Istio { get; } = new("Secrets with the label istio/multiCluster", static item => ((KubeConfigSecret)item).Data.Select(static entry => entry.Key));

    public SourceObjects Clusters { get; } = new("MemberClusters", static item => [item.Key.Name]);

    /// <summary>What is wrong with those for the home cluster; null when nothing is.</summary>
    public string? Credentials { get; set; }

    public IEnumerable<SourceObjects> Sources => [Labelled, Istio, Clusters];

    /// <summary>Secrets that MemberClusters refer to: these have to be read by name.</summary>
    public IReadOnlyCollection<ObjectKey> Wanted => _referred.Keys;

    /// <summary>The Secret as it is; null when there is none.</summary>
    public void Refer(ObjectKey key, KubeConfigSecret? secret)
    {
        if (_referred.TryGetValue(key, out var known))
            _referred[key] = known with { IsRead = true, Secret = secret, Failure = null };
    }

    /// <summary>The Secret can't be read; what is known of it stays.</summary>
    public void Fail(ObjectKey key, string? reason)
    {
        if (_referred.TryGetValue(key, out var known))
            _referred[key] = known with { Failure = reason, IsTried = true };
    }

    /// <summary>The server has said that the Secret must not be read.</summary>
    public void Refuse(ObjectKey key)
    {
        if (_referred.TryGetValue(key, out var known))
            _referred[key] = known with { IsRefused = true };
    }

    /// <summary>What has changed since the last call.</summary>
    public List<DiscoveryEvent> TakeEvents()
    {
        Want();
        if (!Sources.All(static source => source.IsSettled) || _referred.Values.Any(static secret => !secret.IsRead && !secret.IsTried))
        {
            // Who is the older of two is known only when both are.
            if (!_isSettled)
                return [];
        }

        var problems = new List<DiscoveryProblem>();
        var members = Judge(problems);
        var events = Changes(members);
        ImmutableArray<DiscoveryProblem> sorted =
            [.. problems.Distinct().OrderBy(static p => p.Subject, StringComparer.Ordinal).ThenBy(static p => p.Message, StringComparer.Ordinal)];
        if (!sorted.SequenceEqual(_problems))
        {
            _problems = sorted;
            events.Add(new DiscoveryEvent.Problems(new EquatableArray<DiscoveryProblem>(sorted)));
        }

        if (!_isSettled)
        {
            _isSettled = true;
            events.Add(new DiscoveryEvent.Settled());
        }

        if (!_isWhole && Sources.All(static source => source.IsAnswered) && _referred.Values.All(static secret => secret.IsRead || secret.IsRefused))
        {
            _isWhole = true;
            events.Add(new DiscoveryEvent.Whole());
        }

        return events;
    }

    private void Want()
    {
        var wanted = Clusters.Objects.OfType<MemberClusterResource>().Select(static cluster => cluster.Secret).OfType<ObjectKey>().ToHashSet();
        foreach (var key in _referred.Keys.Where(key => !wanted.Contains(key)).ToList())
            _referred.Remove(key);
        foreach (var key in wanted)
            _referred.TryAdd(key, new ReferredSecret());
    }

    private SortedDictionary<string, MemberDefinition> Judge(List<DiscoveryProblem> problems)
    {
        if (Credentials is { } credentials)
            problems.Add(new DiscoveryProblem("the home cluster", credentials));
        foreach (var source in Sources)
        {
            if (source.Failure is { } failure)
                problems.Add(new DiscoveryProblem(source.Title, failure));
            if (source.Held is { } held)
                problems.Add(new DiscoveryProblem(source.Title, held));
        }

        var members = new SortedDictionary<string, MemberDefinition>(StringComparer.Ordinal);
        var named = new HashSet<string>(StringComparer.Ordinal);
        foreach (var same in Candidates(problems).GroupBy(static candidate => candidate.Name, StringComparer.Ordinal))
        {
            var ranked = same.ToList();
            named.UnionWith(ranked.Select(KeyOf));
            ranked.Sort(Candidate.Compare);
            foreach (var loser in ranked.Skip(1).Where(loser => !loser.IsElaboratedBy(ranked[0])))
                problems.Add(new DiscoveryProblem(loser.Origin, $"{ranked[0].Origin}, which is older, names a member {same.Key} already; rename one of them"));
            if (Read(ranked[0], problems) is { } definition)
                members.Add(same.Key, definition);
        }

        Forget(_lastGood, named);
        Forget(_parsed, named);
        return members;
    }

    /// <summary>A kubeconfig that is no longer good leaves the last one that was.</summary>
    private MemberDefinition? Read(Candidate candidate, List<DiscoveryProblem> problems)
    {
        var key = KeyOf(candidate);
        var last = _lastGood.GetValueOrDefault(key);
        if (candidate.Missing is { } missing)
            problems.Add(new DiscoveryProblem(candidate.Origin, last is null ? missing : $"{missing}; the last kubeconfig goes on"));
        if (candidate.Content is null)
            return last;
        var (definition, error) = candidate.Read(Parse(key, candidate));
        if (definition is null)
        {
            problems.Add(new DiscoveryProblem(candidate.Origin, last is null ? error! : $"{error}; the last one goes on"));
            return last;
        }

        _lastGood[key] = definition;
        return definition;
    }

    /// <summary>Once for each text: certificates are not free.</summary>
    private KubeConfigResult Parse(string key, Candidate candidate)
    {
        var content = candidate.Content!;
        if (_parsed.TryGetValue(key, out var known) && known.Content.Equals(content))
            return known.Result;
        var result = KubeConfig.Parse(content.Reveal(), candidate.Place, trust);
        _parsed[key] = (content, result);
        return result;
    }

    /// <summary>A Secret of Istio names several members.</summary>
    private static string KeyOf(Candidate candidate) => $"{candidate.Origin}\n{candidate.Name}";

    private static void Forget<T>(Dictionary<string, T> known, HashSet<string> named)
    {
        foreach (var key in known.Keys.Where(key => !named.Contains(key)).ToList())
            known.Remove(key);
    }

    private IEnumerable<Candidate> Candidates(List<DiscoveryProblem> problems)
    {
        var all = Labelled.Objects.Cast<KubeConfigSecret>().Select(OfSecret)
            .Concat(Istio.Objects.Cast<KubeConfigSecret>().SelectMany(OfIstio))
            .Concat(Clusters.Objects.Cast<MemberClusterResource>().Select(OfCluster));
        foreach (var candidate in all)
        {
            if (DnsNames.IsLabel(candidate.Name))
                yield return candidate;
            else
                problems.Add(new DiscoveryProblem(candidate.Origin, $"\"{candidate.Name}\" can't be a member's name: a DNS label (a-z, 0-9, -; at most 63) is needed"));
        }
    }

    private static Candidate OfSecret(KubeConfigSecret secret)
    {
        var content = secret.Find(DefaultKey);
        return new Candidate(
            secret.Key.Name,
            $"Secret {secret.Key}",
            secret.Meta,
            $"Secret {secret.Key}, key {DefaultKey}",
            content,
            content is null ? $"it has no key {DefaultKey}" : null) { Secret = secret.Key };
    }

    private static IEnumerable<Candidate> OfIstio(KubeConfigSecret secret) => secret.Data.Select(entry => new Candidate(
        entry.Key, $"Secret {secret.Key}", secret.Meta, $"Secret {secret.Key}, key {entry.Key}", entry.Value, null) { Secret = secret.Key });

    private Candidate OfCluster(MemberClusterResource cluster)
    {
        var origin = $"MemberCluster {cluster.Key.Name}";
        var (content, missing) = ContentOf(cluster);
        var key = cluster.Secret ?? default;
        return new Candidate(cluster.Key.Name, origin, cluster.Meta, $"Secret {key}, key {cluster.KubeConfigSecret?.Key}", content, missing)
        {
            Resource = cluster,
            Secret = key,
        };
    }

    private (Secret? Content, string? Missing) ContentOf(MemberClusterResource cluster)
    {
        if (cluster.DecodeError is { } error)
            return (null, error);
        if (cluster.Secret is not { } key)
            return (null, MemberClusterResource.NoSecret);
        var referred = _referred[key];
        if (referred.Failure is { } failure)
            return (referred.Secret?.Find(cluster.KubeConfigSecret!.Key), $"Secret {key} can't be read: {failure}");
        if (referred.Secret is not { } secret)
            return (null, referred.IsRead ? $"there is no Secret {key}; create it, with the key {cluster.KubeConfigSecret!.Key}" : null);
        return secret.Find(cluster.KubeConfigSecret!.Key) is { } content
            ? (content, null)
            : (null, $"Secret {key} has no key {cluster.KubeConfigSecret.Key}");
    }

    private List<DiscoveryEvent> Changes(SortedDictionary<string, MemberDefinition> members)
    {
        var events = new List<DiscoveryEvent>();
        foreach (var name in _published.Keys.Where(name => !members.ContainsKey(name)).ToList())
        {
            _published.Remove(name);
            events.Add(new DiscoveryEvent.Removed(new MemberName(name)));
        }

        foreach (var (name, member) in members)
        {
            if (!_published.TryGetValue(name, out var before))
                events.Add(new DiscoveryEvent.Added(member));
            else if (!before.Equals(member))
                events.Add(new DiscoveryEvent.Changed(member, before));
            _published[name] = member;
        }

        return events;
    }

    /// <param name="IsRead">Its absence is known, too.</param>
    /// <param name="IsTried">It could not be read.</param>
    /// <param name="IsRefused">It must not be read.</param>
    private sealed record ReferredSecret(bool IsRead = false, bool IsTried = false, bool IsRefused = false, KubeConfigSecret? Secret = null, string? Failure = null);
}
