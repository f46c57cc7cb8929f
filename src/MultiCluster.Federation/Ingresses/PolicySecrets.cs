using MultiCluster.Model.Identity;

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
