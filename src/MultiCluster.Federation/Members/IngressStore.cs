using MultiCluster.Federation.Ingresses;
using MultiCluster.Model.Identity;
using MultiCluster.Model.Members;
using MultiCluster.Model.Resources;

namespace MultiCluster.Federation.Members;

/// <summary>
/// One member's Ingresses and, in the home cluster, FederatedIngresses. The Ingress of a key is the template of its FederatedIngress where that
/// counts, else the member's own.
/// </summary>
internal sealed class IngressStore(ClassIndex classes)
{
    private readonly Dictionary<ObjectKey, IngressResource> _own = [];
    private readonly Dictionary<ObjectKey, FederatedIngressResource> _federated = [];

    private readonly Dictionary<ObjectKey, IngressResource> _made = [];

    /// <summary>Of the one of these that counts before any other Ingress of its key: who may write Ingresses there must not undo it.</summary>
    public ObjectKey? Reserved { get; set; }

    /// <summary>Of ConfigMaps of TCP services, which count where there is no other Ingress of the key, and for the default certificate.</summary>
    public IReadOnlyDictionary<ObjectKey, IngressResource> Made => _made;

    public void SetMade(ObjectKey key, IngressResource? next) => Put(_made, key, next);

    public IReadOnlyCollection<ObjectKey> Keys => _own.Keys;

    public IReadOnlyCollection<ObjectKey> FederatedKeys => _federated.Keys;

    public IEnumerable<ObjectKey> AllKeys => _own.Keys.Union(_federated.Keys).Union(_made.Keys);

    public IngressResource? Find(ObjectKey key) => _own.GetValueOrDefault(key);

    public FederatedIngressResource? FindFederated(ObjectKey key) => _federated.GetValueOrDefault(key);

    public void Set(ObjectKey key, IngressResource? next) => Put(_own, key, next);

    /// <summary>One whose shape becomes wrong takes nothing away.</summary>
    public void SetFederated(ObjectKey key, FederatedIngressResource? next) =>
        Put(_federated, key, next is null ? null : FederatedShape.Keep(next, _federated.GetValueOrDefault(key)));

    /// <summary>Every Ingress of the key that may be the one that counts.</summary>
    public IEnumerable<IngressResource> Candidates(ObjectKey key)
    {
        if (_own.TryGetValue(key, out var own))
            yield return own;
        if (TemplateOf(key) is { } template)
            yield return template;
        if (_made.TryGetValue(key, out var made))
            yield return made;
    }

    /// <summary>A template of a class that belongs to another controller is left to that one.</summary>
    public JudgedIngress? Judge(ObjectKey key)
    {
        var own = _own.GetValueOrDefault(key);
        var federated = _federated.GetValueOrDefault(key);
        if (key == Reserved && _made.TryGetValue(key, out var reserved))
            return new JudgedIngress(reserved, ClassVerdict.Ours, null, true);
        if (federated is null)
            return own is not null ? new JudgedIngress(own, classes.Judge(own), null, true)
                : _made.TryGetValue(key, out var made) ? new JudgedIngress(made, ClassVerdict.Ours, null, true)
                : null;
        if (TemplateOf(key) is { } template && classes.Judge(template) is var verdict && (own is null || verdict != ClassVerdict.Foreign))
            return new JudgedIngress(template, verdict, federated, own is not null);
        if (own is null)
            return new JudgedIngress(new IngressResource(new ObjectMeta(key)), ClassVerdict.Foreign, federated, false);
        return new JudgedIngress(own, classes.Judge(own), FederatedShape.UsesTemplate(federated) ? null : federated, true);
    }

    private IngressResource? TemplateOf(ObjectKey key)
    {
        if (!_federated.TryGetValue(key, out var federated) || !FederatedShape.UsesTemplate(federated))
            return null;
        var template = federated.Template!;
        return string.IsNullOrEmpty(template.ClassName) && !string.IsNullOrEmpty(federated.ClassName)
            ? template with { ClassName = federated.ClassName }
            : template;
    }

    private static void Put<TResource>(Dictionary<ObjectKey, TResource> resources, ObjectKey key, TResource? next)
        where TResource : class
    {
        if (next is null)
            resources.Remove(key);
        else
            resources[key] = next;
    }
}

/// <param name="Ingress">Blank when the key has a FederatedIngress alone, without a template that counts.</param>
internal sealed record JudgedIngress(IngressResource Ingress, ClassVerdict Class, FederatedIngressResource? Federated, bool HasIngress);
