using System.Globalization;
using MultiCluster.Federation.Policies;
using MultiCluster.Federation.Text;
using MultiCluster.Model.Collections;
using MultiCluster.Model.Conditions;
using MultiCluster.Model.Identity;
using MultiCluster.Model.Routing;
using MultiCluster.Model.Traffic;

namespace MultiCluster.Federation.Ingresses;

/// <summary>How the requests of one federated ingress are spread, as its FederatedIngress says, or else the annotations of its copies.</summary>
internal sealed class Steering
{
    private readonly AnnotationMerge? _annotations;
    private readonly List<Problem> _federatedProblems = [];
    private Problem? _noWeight;

    private const string Kept = ". Until that is mended the policy before it counts, unchanged";

    private readonly bool _isKept;

    private Steering(AnnotationMerge? annotations, MergeRules rules, IEnumerable<RouteClaim> routes, DateTimeOffset now)
    {
        var (context, plan) = (rules.Context, rules.Plan);
        _annotations = annotations;
        // Half of a policy is another policy: with one weight of two left out, all requests but a few would move.
        _isKept = rules.Before is not null && (annotations?.HasTrafficProblems ?? plan!.HasTrafficProblems);
        Traffic = _isKept ? rules.Before : annotations is null ? plan!.Traffic : annotations.Traffic;
        _federatedProblems.AddRange(plan?.Problems ?? []);
        if (_isKept && annotations is null)
            _federatedProblems[^1] = _federatedProblems[^1] with { Text = _federatedProblems[^1].Text + Kept };
        RouteClaim[] claims = [.. routes];
        Expiry = new Expiry(
            annotations is null ? plan!.Staleness : annotations.Staleness, context, claims.SelectMany(static claim => claim.Members), now);
        Routes = claims.Select(claim => claim with { Members = Expiry.Keep(claim.Members) }).ToEquatableArray();
        NoteWeights(claims);
    }

    public TrafficPolicy? Traffic { get; }

    /// <summary>Without what has expired.</summary>
    public EquatableArray<RouteClaim> Routes { get; }

    public Expiry Expiry { get; }

    public IReadOnlyList<Problem> FederatedProblems => _federatedProblems;

    public IEnumerable<CopyConflict> Conflicts =>
        (_annotations?.Conflicts ?? []).Select(static text => new CopyConflict(Reasons.AnnotationConflict, text));

    /// <param name="copies">In order of rank.</param>
    public static Steering Of(IReadOnlyList<JudgedCopy> copies, CopyUnion union, MergeRules rules, DateTimeOffset now)
    {
        var annotations = rules.Plan is { IsInForce: true }
            ? null
            : AnnotationMerge.Of(
                [.. copies.Where(static copy => copy.IsAccepted).Select(static copy => new AnnotatedCopy(copy.Member, copy.Annotations))],
                rules.Context.Known());
        return new Steering(annotations, rules, union.Routes, now);
    }

    public IEnumerable<PolicyProblem> ProblemsOf(JudgedCopy copy)
    {
        if (_annotations is null)
            return [];
        var problems = _annotations.ProblemsOf(copy.Annotations).ToList();
        if (_isKept && problems.Count > 0)
            problems[^1] = problems[^1] with { Text = problems[^1].Text + Kept };
        return _noWeight is { } problem && WeightAnnotations.Any(copy.Annotations.Policy.ContainsKey)
            ? problems.Append(new PolicyProblem(problem.Reason, problem.Field, problem.Text))
            : problems;
    }

    private static readonly string[] WeightAnnotations = [PolicyAnnotations.ClusterWeights, PolicyAnnotations.ClusterState];

    /// <summary>A route whose members all have no share is allowed, and answers 503.</summary>
    private void NoteWeights(RouteClaim[] claims)
    {
        if (Traffic is not { } traffic)
            return;
        var shut = claims.Where(claim => claim.Members.All(member => traffic.Of(member) is { Weight: 0 } or { State: not MemberState.Active })).ToList();
        if (shut.Count == 0)
            return;
        var which = shut.Count == claims.Length
            ? "any route"
            : string.Create(CultureInfo.InvariantCulture, $"{shut.Count} of {claims.Length} routes (one is {Shown.Plain(shut[0].Key)})");
        _noWeight = new Problem(
            Reasons.NoWeight,
            _annotations is null ? "spec.trafficPolicy.clusters" : "annotations cluster-weights and cluster-state",
            $"leave no cluster that takes new requests of {which}, so that they get 503; give one a weight above 0 and the state Active");
        if (_annotations is null)
            _federatedProblems.Add(_noWeight);
    }
}
