using MultiCluster.Federation.Ingresses;
using MultiCluster.Federation.Members;
using MultiCluster.Federation.Migration;
using MultiCluster.Federation.Settings;
using MultiCluster.Federation.Text;
using MultiCluster.Model.Collections;
using MultiCluster.Model.Conditions;
using MultiCluster.Model.Identity;
using MultiCluster.Model.Members;
using MultiCluster.Model.Resources;
using MultiCluster.Model.Routing;
using MultiCluster.Model.Traffic;

namespace MultiCluster.Federation.Validation;

/// <summary>One reading of all Ingresses.</summary>
internal sealed class Pass
{
    /// <summary>What other manifests, or the clusters, may well have.</summary>
    private static readonly string[] Elsewhere =
        [Reasons.ServiceNotFound, Reasons.SecretNotFound, Reasons.ParametersNotFound, Reasons.RefNotPermitted, Reasons.OverriddenByFederatedIngress];

    private readonly List<ManifestFinding> _findings = [];
    private readonly HashSet<ObjectKey> _foreign = [];
    private readonly List<Fragment.Ingress> _fragments = [];

    /// <param name="isGenerous">The configuration file allows whatever it may allow.</param>
    public Pass(ManifestInput input, DefaultsOfInput defaults, DateTimeOffset now, bool isGenerous)
    {
        Changes = ManifestCopies.Of(input, isGenerous);
        var services = input.Of<ServiceResource>().ToDictionary(static service => service.Key);
        foreach (var copy in Changes.OfType<CopyChange.IngressChanged>().Select(static change => change.Copy).OfType<IngressCopy>())
        {
            if (copy is { Class: ClassVerdict.Foreign, HasIngress: true })
                _foreign.Add(copy.Ingress.Key);
            var whole = copy with { Parameters = defaults.ParametersOf(copy.Ingress), KnowsSecrets = true };
            foreach (var service in copy.Services)
                services.Remove(service.Key);
            _fragments.Add(Judge(whole, input, defaults, now, isGenerous, _findings));
        }

        // What a Service says counts for whichever Ingress comes to name it.
        foreach (var service in services.Values.Where(static service => service.Meta.Annotations.Count > 0))
        {
            var found = new List<ManifestFinding>();
            Judge(new IngressCopy(ManifestCopies.Member, IngressCheck.Naming(service), ClassVerdict.Ours, [], [service]), input, defaults, now, isGenerous, found);
            _findings.AddRange(found.Where(finding => finding.Kind == ResourceKind.Service));
        }
    }

    public IReadOnlyList<CopyChange> Changes { get; }

    public IReadOnlyList<ManifestFinding> Findings => _findings;

    /// <summary>Ingresses whose class is another controller's.</summary>
    public IReadOnlySet<ObjectKey> Foreign => _foreign;

    public IReadOnlyList<Fragment.Ingress> Fragments => _fragments;

    private static Fragment.Ingress Judge(IngressCopy copy, ManifestInput input, DefaultsOfInput defaults, DateTimeOffset now, bool isGenerous, List<ManifestFinding> findings)
    {
        var context = ContextOf(copy, input, defaults, isGenerous);
        var judgement = Judgement.Of(copy.Ingress.Key, [copy], now, context, [], null, null);
        findings.AddRange(judgement.Copies.SelectMany(judgement.Conditions.ProblemsOf).Select(problem => Finding(copy, problem)).OfType<ManifestFinding>());
        return IngressFederation.Merge(copy.Ingress.Key, [copy], now, context, []).Fragment!;
    }

    private static FederationContext ContextOf(IngressCopy copy, ManifestInput input, DefaultsOfInput defaults, bool isGenerous)
    {
        var context = defaults.ContextOf(copy.Ingress) with
        {
            Members = input.Members.IsEmpty
                ? new Dictionary<MemberName, MemberTraits>()
                : input.Members.Append(ManifestCopies.Member).Distinct().ToDictionary(static member => member, static _ => MemberTraits.Default),
        };
        return isGenerous
            ? context with { Defaults = context.Defaults with { HasFirewall = true, LimitsBandwidth = true, CheckNetworks = ["0.0.0.0/0", "::/0"] } }
            : context;
    }

    /// <summary>Null for what is a wish, and for what the file's own problem tells with its line.</summary>
    private static ManifestFinding? Finding(IngressCopy copy, Problem problem)
    {
        var (holder, field) = HolderOf(copy, problem.Field);
        if (problem.Reason == Reasons.NotOptedIn || (problem.Reason == Reasons.InvalidObject && holder.DecodeError is not null) || IngressDefaults.IsOfDefaults(problem.Field))
            return null;
        var level = Elsewhere.Contains(problem.Reason, StringComparer.Ordinal) ? FindingLevel.Warning : FindingLevel.Error;
        return new ManifestFinding(holder.Kind, holder.Key, field, level, problem.Reason, problem.Text);
    }


    private static (Resource Holder, string Field) HolderOf(IngressCopy copy, string field)
    {
        if (copy.Services.FirstOrDefault(service => field.EndsWith(SaidOfObjects.OfService(service), StringComparison.Ordinal)) is { } service)
            return (service, field[..^SaidOfObjects.OfService(service).Length]);
        if (copy.Federated is not { } federated)
            return (copy.Ingress, field);
        var prefix = $"FederatedIngress {Shown.Key(federated.Key)}: ";
        if (field.StartsWith(prefix, StringComparison.Ordinal))
            return (federated, field[prefix.Length..]);
        return copy.HasIngress && federated.Template is null ? (copy.Ingress, field) : (federated, field);
    }
}
