using MultiCluster.Model.Collections;
using MultiCluster.Model.Identity;
using MultiCluster.Model.Resources;

namespace MultiCluster.Federation.Members;

/// <summary>
/// One member's Secrets, and which Ingresses name them. All are kept: an Ingress may come after the Secret that it names, and the API server
/// sends that one only once.
/// </summary>
internal sealed class SecretStore
{
    private readonly Dictionary<ObjectKey, Entry> _secrets = [];
    private readonly ReverseIndex<ObjectKey> _byName = new();
    private readonly Dictionary<ObjectKey, EquatableArray<ObjectKey>> _named = [];

    public IReadOnlyCollection<ObjectKey> Keys => _secrets.Keys;

    /// <summary>Of certificates: how many others there are says nothing of what is served.</summary>
    public int TlsCount { get; private set; }

    public DataSecretResource? Find(ObjectKey key) => _secrets.TryGetValue(key, out var entry) ? entry.Secret : null;

    /// <summary>One object for all Ingresses, since what is read of it is remembered by it.</summary>
    public TlsSecretResource? FindTls(ObjectKey key) => _secrets.TryGetValue(key, out var entry) ? entry.Tls : null;

    public EquatableArray<TlsSecretResource> Certificates(IEnumerable<ObjectKey> keys) => keys.Select(FindTls).OfType<TlsSecretResource>().ToEquatableArray();

    /// <summary>Without metadata, so that a resourceVersion alone doesn't make Ingresses be judged anew.</summary>
    public EquatableArray<DataSecretResource> Shapes(IEnumerable<ObjectKey> keys) =>
        keys.Select(Find).OfType<DataSecretResource>().Select(static secret => secret with { Meta = new ObjectMeta(secret.Key) }).ToEquatableArray();

    /// <summary>Ingresses that would lose it; a certificate that nobody names yet counts once.</summary>
    public int Worth(ObjectKey key) => Math.Max(_byName.Count(key), FindTls(key) is null ? 0 : 1);

    /// <summary>Takes note of what an Ingress names.</summary>
    public void Follow(ObjectKey ingress, EquatableArray<ObjectKey> secrets)
    {
        if (_named.Remove(ingress, out var before))
        {
            foreach (var secret in before)
                _byName.Remove(secret, ingress);
        }

        if (secrets.IsEmpty)
            return;
        _named.Add(ingress, secrets);
        foreach (var secret in secrets)
            _byName.Add(secret, ingress);
    }

    /// <summary>Adds the Ingresses that name it to <paramref name="dirty"/>; a null secret is a deletion.</summary>
    public void Set(ObjectKey key, DataSecretResource? next, HashSet<ObjectKey> dirty)
    {
        TlsCount -= FindTls(key) is null ? 0 : 1;
        if (next is null)
            _secrets.Remove(key);
        else
            _secrets[key] = new Entry(next, TlsSecretResource.Of(next));
        TlsCount += FindTls(key) is null ? 0 : 1;
        _byName.AddTo(dirty, key);
    }

    private readonly record struct Entry(DataSecretResource Secret, TlsSecretResource? Tls);
}
