using MultiCluster.Federation.Annotations;
using MultiCluster.Federation.Ingresses;
using MultiCluster.Federation.Members;
using MultiCluster.Federation.Policies;
using MultiCluster.Federation.Settings;
using MultiCluster.Model.Collections;
using MultiCluster.Model.Conditions;
using MultiCluster.Model.Identity;
using MultiCluster.Model.Members;
using MultiCluster.Model.Resources;

namespace MultiCluster.Federation.Migration;

/// <summary>An Ingress as it would be read if it were of our class.</summary>
internal static class IngressCheck
{
    private static readonly MemberName Member = new("here");

    /// <summary>Rules of an Ingress that is there for its annotations.</summary>
    public static EquatableArray<IngressRule> Anywhere { get; } = [new IngressRule("any.example.com", [new IngressPath("/", "Prefix", new IngressBackend("any", null, 80))])];

    public static void Read(
        IngressResource ingress,
        Dictionary<ObjectKey, ServiceResource> known,
        Dictionary<ObjectKey, DataSecretResource> secrets,
        IReadOnlyList<ReferenceGrantResource> grants,
        DefaultsOfInput defaults,
        DateTimeOffset now,
        SaidOfObjects said)
    {
        // A patch of annotations alone has no spec, and they count wherever it is applied.
        var whole = ingress is { DefaultBackend: null, Rules.Count: 0, DecodeError: null } ? ingress with { Rules = Anywhere } : ingress;
        var references = IngressReferences.Of(whole);
        var services = references.Services.Select(known.GetValueOrDefault).OfType<ServiceResource>().ToList();
        var named = SecretAnnotations.Of(ingress, services);
        var space = ingress.Key.Namespace;
        named.RemoveWhere(key => key.Namespace != space && !grants.Any(grant => grant.Key.Namespace == key.Namespace && grant.Allows(space, key.Name)));
        var annotated = named.Select(secrets.GetValueOrDefault).OfType<DataSecretResource>().ToEquatableArray();
        var copy = new IngressCopy(Member, whole, ClassVerdict.Ours, Certificates(references.Secrets, secrets), services.ToEquatableArray()) 
        {
            AnnotationSecrets = annotated, Granted = named.Where(key => key.Namespace != space).ToEquatableArray(), Parameters = defaults.ParametersOf(ingress),
        };
        // What settings and parameters say is told of their ConfigMaps.
        said.Add(ingress, services, Problems(copy, defaults.ContextOf(ingress), now, defaults.ConfigMaps).Where(static item => !IngressDefaults.IsOfDefaults(item.Problem.Field)));
    }

    /// <summary>What its policies and routes have that does not count, and what counts only if the operator says so in the configuration file, which is not read here.</summary>
    /// <param name="headers">ConfigMaps that the operator could name, of headers.</param>
    public static IEnumerable<SaidProblem> Problems(IngressCopy copy, FederationContext context, DateTimeOffset now, IReadOnlyDictionary<ObjectKey, ConfigMapResource>? headers = null)
    {
        var resolved = headers is null ? copy.Ingress : HeaderMaps.Resolve(copy.Ingress, headers.Keys.ToEquatableArray(), key => headers.GetValueOrDefault(key)?.Data);
        var inAnyCase = Told(copy with { Ingress = resolved }, context with { Defaults = context.Defaults with { HasFirewall = true, LimitsBandwidth = true, CheckNetworks = ["0.0.0.0/0", "::/0"] } }, now).ToList();
        return inAnyCase.Select(static problem => new SaidProblem(problem, IsOperators: false))
            .Concat(Told(copy, context, now).Except(inAnyCase).Select(static problem => new SaidProblem(problem, IsOperators: true)))
            .Concat(LabelsOf(copy).Select(static problem => new SaidProblem(problem, IsOperators: true)));
    }

    /// <summary>Which pods are read, too, the operator says; null where no label of pods is named.</summary>
    public static Problem? LabelsOf(string name, string of) => AnnotationIndex.Find(name) is { Entry: { Policy: "blue-green" or "blue-green-by-request", Value.Spec: "text" } }
        ? new Problem(
            Reasons.UnsupportedAnnotation, AnnotationCatalogue.Label(name) + of, "names labels of pods; have endpoints.pod-labels in the configuration file name them, and allow list and watch of pods")
        : null;

    private static IEnumerable<Problem> LabelsOf(IngressCopy copy) =>
        copy.Ingress.Meta.Annotations.Keys.Select(static name => LabelsOf(name, ""))
            .Concat(copy.Services.SelectMany(static service => service.Meta.Annotations.Keys.Select(name => LabelsOf(name, SaidOfObjects.OfService(service)))))
            .OfType<Problem>();

    private static IEnumerable<Problem> Told(IngressCopy copy, FederationContext context, DateTimeOffset now)
    {
        var rules = new MergeRules(context, null, new RankBook([], [copy], context));
        var judged = JudgedCopy.Judge(copy.Ingress.Key, copy, rules, now, null);
        if (judged.Routes is null)
            return [];
        var union = CopyUnion.Of([judged], now);
        var policies = IngressPolicies.Of(copy.Ingress.Key, [judged], union, context.Defaults);
        return judged.Routes.Invalid
            // Of what is not here a certificate says nothing.
            .Concat((judged.Certificates?.Invalid ?? []).Where(static problem => problem.Reason != Reasons.SecretNotFound))
            // Of annotations of ours the catalogue's check tells.
            .Concat(policies.ProblemsOf(judged).Select(static problem => (Problem)problem));
    }

    /// <summary>An Ingress that names the Service.</summary>
    public static IngressResource Naming(ServiceResource service) => new(new ObjectMeta(service.Key))
    {
        DefaultBackend = new IngressBackend(service.Key.Name, null, service.Ports.Select(static port => port.Number).FirstOrDefault(80)),
    };

    private static EquatableArray<TlsSecretResource> Certificates(IEnumerable<ObjectKey> keys, Dictionary<ObjectKey, DataSecretResource> secrets) =>
        keys.Select(secrets.GetValueOrDefault).OfType<DataSecretResource>().Select(TlsSecretResource.Of).OfType<TlsSecretResource>().ToEquatableArray();
}
