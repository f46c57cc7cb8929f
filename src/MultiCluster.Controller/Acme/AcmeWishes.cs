using System.Collections.Immutable;
using MultiCluster.Acme.Certificates;
using MultiCluster.Cluster.Replication;
using MultiCluster.Controller.Records;
using MultiCluster.Model.Collections;
using MultiCluster.Model.Identity;
using MultiCluster.Model.Members;
using MultiCluster.Model.Resources;

namespace MultiCluster.Controller.Acme;

/// <summary>A Secret in one member that is to hold a certificate of ours.</summary>
/// <param name="Content">What it holds now; null: it is not there, or no certificate.</param>
/// <param name="Ingress">Who wants it, for Events.</param>
internal sealed record AcmeTarget(MemberName Member, ObjectKey Secret, TlsSecretResource? Content, IngressResource Ingress);

/// <summary>What Ingresses want of us now.</summary>
/// <param name="Askers">Every copy that asks, whether anything can be had or not.</param>
internal sealed record AcmeWishes(WantedCertificates Wanted, ImmutableArray<AcmeTarget> Targets, ImmutableArray<IngressCopy> Askers)
{
    public static readonly AcmeWishes None = new(new WantedCertificates([], []), [], []);

    public IEnumerable<AcmeTarget> Of(WantedCertificate certificate) => Targets.Where(target => certificate.Secrets.Items.Contains(target.Secret));
}

/// <summary>The Ingresses of all members that ask for certificates, as the replicated table has them. Pure.</summary>
internal sealed class AcmeIngresses(bool tracksTlsAcme)
{
    private static readonly string[] Asking = ["haproxy-ingress.github.io/cert-signer", "kubernetes.io/tls-acme"];

    private readonly SortedDictionary<ObjectKey, ImmutableArray<IngressCopy>> _asking = [];

    public void Reset(IEnumerable<TableEntry> entries)
    {
        _asking.Clear();
        foreach (var entry in entries)
            Take(entry);
    }

    /// <returns>Whether anything is wanted otherwise.</returns>
    public bool Take(TableEntry entry)
    {
        if (EntityKeys.Parse(entry.Key) is not { Kind: Model.Routing.EntityKind.Ingress } entity)
            return false;
        ImmutableArray<IngressCopy> copies = entry.Payload is EntityRecord.Ingress record ? [.. record.Copies.Where(IsAsking)] : [];
        if (copies.IsEmpty)
            return _asking.Remove(entity.Key);
        if (_asking.TryGetValue(entity.Key, out var before) && before.SequenceEqual(copies))
            return false;
        _asking[entity.Key] = copies;
        return true;
    }

    /// <summary>Of which certificates may be wanted, in lower case.</summary>
    public ImmutableArray<string> Hosts() =>
        [.. _asking.Values.SelectMany(static copies => copies).SelectMany(static copy => copy.Ingress.Tls).SelectMany(static entry => entry.Hosts).Select(static host => host.ToLowerInvariant()).Distinct(StringComparer.Ordinal)];

    /// <param name="holders">Namespaces whose requests those for a host are.</param>
    public AcmeWishes Read(IReadOnlyDictionary<string, IReadOnlySet<string>> holders)
    {
        var copies = _asking.Values.SelectMany(static copies => copies).ToList();
        var wanted = WantedReader.Read(copies.Select(static copy => copy.Ingress), tracksTlsAcme, (space, host) => holders.GetValueOrDefault(host)?.Contains(space) == true);
        var secrets = wanted.Certificates.SelectMany(static certificate => certificate.Secrets).ToHashSet();
        var targets = copies
            .SelectMany(copy => copy.Ingress.Tls.Where(static entry => entry.SecretName is { Length: > 0 })
                .Select(entry => new ObjectKey(copy.Ingress.Key.Namespace, entry.SecretName!))
                .Where(secrets.Contains)
                .Select(secret => new AcmeTarget(copy.Member, secret, copy.Secrets.FirstOrDefault(item => item.Key == secret), copy.Ingress)))
            .DistinctBy(static target => (target.Member, target.Secret));
        return new AcmeWishes(wanted, [.. targets], [.. copies]);
    }

    private static bool IsAsking(IngressCopy copy) =>
        copy is { Class: ClassVerdict.Ours, HasIngress: true } && Array.Exists(Asking, copy.Ingress.Meta.Annotations.ContainsKey);
}
