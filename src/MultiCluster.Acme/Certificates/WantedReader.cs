using MultiCluster.Acme.Protocol;
using MultiCluster.Model.Collections;
using MultiCluster.Model.Identity;
using MultiCluster.Model.Resources;

namespace MultiCluster.Acme.Certificates;

/// <summary>
/// Of Ingresses to the certificates that they want from us. Pure; the order of Ingresses, and copies of one in several members, make no
/// difference. A Secret that several entries name gets the hosts of all.
/// </summary>
public static class WantedReader
{
    private const string TlsAcme = "kubernetes.io/tls-acme";
    private const string CertSigner = "haproxy-ingress.github.io/cert-signer";
    private const string Acme = "acme";

    private static readonly string[] OtherSigners = ["cert-manager.io/issuer", "cert-manager.io/cluster-issuer", "certmanager.k8s.io/issuer", "certmanager.k8s.io/cluster-issuer"];

    /// <param name="ingresses">Those that are ours by class.</param>
    /// <param name="tracksTlsAcme">
    /// Also those with <c>kubernetes.io/tls-acme: "true"</c>; where cert-manager runs that is its word, too, and two would write one Secret.
    /// </param>
    /// <param name="holds">
    /// Whether requests for a host are a namespace's. Who may write an Ingress is not to have the certificate and the key of anybody's host.
    /// </param>
    public static WantedCertificates Read(IEnumerable<IngressResource> ingresses, bool tracksTlsAcme, Func<string, string, bool> holds)
    {
        var hosts = new SortedDictionary<ObjectKey, (SortedSet<string> Hosts, SortedSet<ObjectKey> By)>();
        var problems = new SortedSet<(ObjectKey Ingress, string Message)>();
        foreach (var ingress in ingresses.Where(ingress => IsOurs(ingress, tracksTlsAcme)))
        {
            if (Array.Find(OtherSigners, ingress.Meta.Annotations.ContainsKey) is { } other)
            {
                problems.Add((ingress.Key, $"{other} has another program make the certificates; remove it, or the annotation that asks us"));
                continue;
            }

            foreach (var entry in ingress.Tls)
                Add(ingress.Key, entry, holds, hosts, problems);
        }

        return new WantedCertificates(Combine(hosts, problems), problems.Select(static one => new WantedProblem(one.Ingress, one.Message)).ToEquatableArray());
    }

    private static bool IsOurs(IngressResource ingress, bool tracksTlsAcme)
    {
        var annotations = ingress.Meta.Annotations;
        return annotations.Find(CertSigner) is { } signer
            ? signer.Trim().Equals(Acme, StringComparison.OrdinalIgnoreCase)
            : tracksTlsAcme && annotations.Find(TlsAcme)?.Trim().Equals("true", StringComparison.OrdinalIgnoreCase) == true;
    }

    private static void Add(
        ObjectKey ingress,
        IngressTls entry,
        Func<string, string, bool> holds,
        SortedDictionary<ObjectKey, (SortedSet<string> Hosts, SortedSet<ObjectKey> By)> hosts,
        SortedSet<(ObjectKey, string)> problems)
    {
        if (entry.SecretName is not { Length: > 0 } name || !DnsNames.IsSubdomain(name))
        {
            problems.Add((ingress, "an entry of spec.tls has no secretName that can be one; its certificate has no place to be"));
            return;
        }

        if (entry.Hosts.IsEmpty)
        {
            problems.Add((ingress, $"the entry of spec.tls for Secret {name} names no hosts; a certificate is made for these"));
            return;
        }

        // Wildcards can't be had by whomever, and are told so.
        var own = entry.Hosts.Items.Where(host => host.StartsWith('*') || holds(ingress.Namespace, host.ToLowerInvariant())).ToList();
        foreach (var host in entry.Hosts.Items.Except(own, StringComparer.Ordinal))
            problems.Add((ingress, $"{AcmeProblem.Shown(host)} is in spec.tls, but its requests are not those of an Ingress of namespace {AcmeProblem.Shown(ingress.Namespace)}, which gets no certificate for it; add a rule that has the host, or take it out of spec.tls"));
        if (own.Count == 0)
            return;
        var secret = new ObjectKey(ingress.Namespace, name);
        if (!hosts.TryGetValue(secret, out var known))
            hosts.Add(secret, known = (new SortedSet<string>(StringComparer.Ordinal), []));
        known.Hosts.UnionWith(own);
        known.By.Add(ingress);
    }

    private static EquatableArray<WantedCertificate> Combine(
        SortedDictionary<ObjectKey, (SortedSet<string> Hosts, SortedSet<ObjectKey> By)> hosts, SortedSet<(ObjectKey, string)> problems)
    {
        var secrets = new SortedDictionary<CertificateId, (HostSet Hosts, List<ObjectKey> Secrets)>();
        foreach (var (secret, (names, by)) in hosts)
        {
            var read = AcmeHosts.Read(names);
            if (!read.IsOk)
            {
                foreach (var ingress in by)
                    problems.Add((ingress, $"Secret {AcmeProblem.Shown(secret.Name)}: {read.Error.Message}"));
                continue;
            }

            var set = new HostSet(read.Value);
            var id = new CertificateId(secret.Namespace, set.Digest);
            if (!secrets.TryGetValue(id, out var same))
                secrets.Add(id, same = (set, []));
            same.Secrets.Add(secret);
        }

        return secrets.Values.Select(static one => new WantedCertificate(one.Hosts, one.Secrets.ToEquatableArray())).ToEquatableArray();
    }
}
