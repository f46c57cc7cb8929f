using MultiCluster.Federation.Members;
using MultiCluster.Federation.Policies;
using MultiCluster.Federation.Text;
using MultiCluster.Model.Conditions;
using MultiCluster.Model.Identity;
using MultiCluster.Model.Members;
using MultiCluster.Model.Resources;

namespace MultiCluster.Federation.Ingresses;

/// <summary>What the Secrets hold that annotations of the accepted copies name: of two clusters that have one, that of the lower rank counts.</summary>
/// <param name="copies">In order of rank.</param>
internal sealed class PolicySecrets(IReadOnlyList<JudgedCopy> copies)
{
    private readonly Dictionary<ObjectKey, IReadOnlyDictionary<string, ReadOnlyMemory<byte>>?> _found = [];

    /// <returns>By key; null: no cluster that names it has it.</returns>
    public IReadOnlyDictionary<string, ReadOnlyMemory<byte>>? Find(ObjectKey key)
    {
        if (!_found.TryGetValue(key, out var data))
            _found.Add(key, data = Look(key));
        return data;
    }

    /// <summary>Of the copy's own member, whatever others have: it is to serve alone, should they be away.</summary>
    public static IEnumerable<Problem> ProblemsOf(IngressCopy copy)
    {
        foreach (var (annotation, holder, key) in SecretAnnotations.References(copy.Ingress, copy.Services))
        {
            var secret = copy.AnnotationSecrets.FirstOrDefault(secret => secret.Key == key);
            var field = AnnotationCatalogue.Label(annotation) + (holder is ServiceResource ? $" of Service {Shown.Plain(holder.Key.Name)}" : "");
            if (key.Namespace != copy.Ingress.Key.Namespace && !copy.Granted.Contains(key))
                yield return new Problem(Reasons.RefNotPermitted, field, $"names Secret {Shown.Key(key)}, {OfOthers(key, copy.Ingress.Key.Namespace)}");
            else if (secret is null)
                yield return new Problem(Reasons.SecretNotFound, field, copy.KnowsSecrets
                    ? $"names Secret {Shown.Key(key)}, which {copy.Member} does not have; create it there"
                    : $"names Secret {Shown.Key(key)}, and Secrets of {copy.Member} can't be read; grant list and watch on secrets there");
            else if (secret.DecodeError is { } error)
                yield return new Problem(Reasons.InvalidObject, field, $"names Secret {Shown.Key(key)}, which can't be read: {Shown.Quoted(error)}; correct it");
        }
    }

    /// <summary>Why a Secret of another namespace can't be had; says nothing of whether there is one.</summary>
    public static string OfOthers(ObjectKey secret, string space) =>
        $"of another namespace, in which no ReferenceGrant lets Ingresses of {Shown.Plain(space)} use it; create one in {Shown.Plain(secret.Namespace)}, or copy the Secret";

    private Dictionary<string, ReadOnlyMemory<byte>>? Look(ObjectKey key)
    {
        var secret = copies.Where(static copy => copy.IsAccepted).SelectMany(static copy => copy.Copy.AnnotationSecrets).FirstOrDefault(secret => secret.Key == key);
        if (secret is null)
            return null;
        var data = new Dictionary<string, ReadOnlyMemory<byte>>(StringComparer.Ordinal);
        foreach (var (name, value) in secret.Data)
            data[name] = value.Reveal();
        return data;
    }
}
