using MultiCluster.Federation.Text;
using MultiCluster.Federation.Tls;
using MultiCluster.Model.Conditions;
using MultiCluster.Model.Identity;
using MultiCluster.Model.Members;
using MultiCluster.Model.Resources;
using MultiCluster.Model.Routing;

namespace MultiCluster.Federation.Ingresses;

/// <summary>The certificates that one copy's TLS entries give to hosts.</summary>
internal sealed class CopyCertificates
{
    private readonly List<(TlsClaim Claim, KeyKind Kind)> _claims = [];
    private readonly List<Problem> _invalid = [];
    private readonly List<Problem> _unresolved = [];
    private readonly IngressCopy _copy;
    private readonly Rank _rank;

    private CopyCertificates(IngressCopy copy, Rank rank) => (_copy, _rank) = (copy, rank);

    /// <summary>In the order written; several for one host are possible. Those with keys of other kinds are one.</summary>
    public IReadOnlyList<TlsClaim> Claims { get; private set; } = [];

    public IReadOnlyList<Problem> Invalid => _invalid;

    public IReadOnlyList<Problem> Unresolved => _unresolved;

    public static CopyCertificates Read(
        IngressCopy copy, Rank rank, IReadOnlyCollection<string> ruleHosts, IReadOnlyCollection<string> furtherHosts, DateTimeOffset now, CertificateCache? cache)
    {
        var certificates = new CopyCertificates(copy, rank);
        for (var i = 0; i < copy.Ingress.Tls.Count; i++)
        {
            // Without a Secret the default certificate serves the host, as networking.k8s.io/v1 has it.
            if (!string.IsNullOrEmpty(copy.Ingress.Tls[i].SecretName))
                certificates.Add(copy.Ingress.Tls[i], $"spec.tls[{i}]", ruleHosts, furtherHosts, now, cache);
        }

        certificates.Claims = CertificateBundle.Join(certificates._claims, now);
        return certificates;
    }

    private void Add(IngressTls tls, string field, IReadOnlyCollection<string> ruleHosts, IReadOnlyCollection<string> furtherHosts, DateTimeOffset now, CertificateCache? cache)
    {
        var key = new ObjectKey(_copy.Ingress.Key.Namespace, tls.SecretName!);
        var secret = _copy.Secrets.FirstOrDefault(candidate => candidate.Key == key);
        if (secret is null)
        {
            _unresolved.Add(new Problem(
                Reasons.SecretNotFound,
                $"{field}.secretName",
                _copy.KnowsSecrets
                    ? $"names Secret {Shown.Key(key)}, which {_copy.Member} does not have as type {TlsSecretResource.SecretType}; create it there"
                    : $"names Secret {Shown.Key(key)}, and Secrets of {_copy.Member} can't be read; grant list and watch on secrets there"));
            return;
        }

        foreach (var (certificate, kind) in Read(secret, field, cache))
        {
            CheckValidity(certificate, key, field, now);
            foreach (var host in furtherHosts.Where(host => Covers(certificate, host) && !tls.Hosts.Contains(host, StringComparer.OrdinalIgnoreCase)))
                _claims.Add((new TlsClaim(host, certificate, key.Name, _rank), kind));
            foreach (var host in HostsOf(tls, certificate, ruleHosts, key, field))
                _claims.Add((new TlsClaim(host, certificate, key.Name, _rank), kind));
        }
    }

    private IEnumerable<string> HostsOf(IngressTls tls, Certificate certificate, IReadOnlyCollection<string> ruleHosts, ObjectKey secret, string field) =>
        _copy.IsDefaultCertificate ? [TlsClaim.AnyHost]
        : tls.Hosts.IsEmpty ? CoveredHosts(certificate, ruleHosts, secret, field)
        : NamedHosts(tls, field);

    /// <summary>Each with a key of another kind; none where the Secret is no good.</summary>
    private IEnumerable<(Certificate Certificate, KeyKind Kind)> Read(TlsSecretResource secret, string field, CertificateCache? cache)
    {
        var reading = secret.DecodeError is { } error
            ? new CertificateReading.Invalid(Reasons.InvalidCertificate, $"can't be read: {Shown.Quoted(error)}; correct it")
            : CertificateCache.Read(secret, cache);
        if (reading is CertificateReading.Valid valid)
        {
            if (valid.Problem is { } problem)
                _unresolved.Add(new Problem(Reasons.InvalidCertificate, $"{field}.secretName", $"names Secret {Shown.Key(secret.Key)}, of which one certificate is left out: {problem}"));
            return [(valid.Certificate, valid.Kind), .. valid.Others.Select(static other => (other.Certificate, other.Kind))];
        }

        var invalid = (CertificateReading.Invalid)reading;
        _unresolved.Add(new Problem(invalid.Reason, $"{field}.secretName", $"names Secret {Shown.Key(secret.Key)}: {invalid.Message}"));
        return [];
    }

    private void CheckValidity(Certificate certificate, ObjectKey secret, string field, DateTimeOffset now)
    {
        if (now >= certificate.NotAfter)
            _unresolved.Add(new Problem(
                Reasons.CertificateExpired,
                $"{field}.secretName",
                $"names Secret {Shown.Key(secret)}, whose certificate expired at {certificate.NotAfter.UtcDateTime:u}; renew it"));
        else if (now < certificate.NotBefore)
            _unresolved.Add(new Problem(
                Reasons.CertificateNotYetValid,
                $"{field}.secretName",
                $"names Secret {Shown.Key(secret)}, whose certificate is valid only from {certificate.NotBefore.UtcDateTime:u}; store one valid now"));
    }

    private List<string> NamedHosts(IngressTls tls, string field)
    {
        var hosts = new List<string>(tls.Hosts.Count);
        for (var i = 0; i < tls.Hosts.Count; i++)
        {
            if (HostNames.Problem(tls.Hosts[i]) is { } problem)
                _invalid.Add(new Problem(Reasons.InvalidHost, $"{field}.hosts[{i}]", $"{Shown.Quoted(tls.Hosts[i])} {problem}"));
            else
                hosts.Add(HostNames.Lower(tls.Hosts[i]));
        }

        return hosts;
    }

    /// <summary>Rule hosts that the certificate is good for; all its names when a rule takes every host.</summary>
    private IEnumerable<string> CoveredHosts(Certificate certificate, IReadOnlyCollection<string> ruleHosts, ObjectKey secret, string field)
    {
        var hosts = ruleHosts.Where(host => Covers(certificate, host)).ToHashSet(StringComparer.Ordinal);
        if (ruleHosts.Contains(RouteKey.AnyHost))
            hosts.UnionWith(certificate.DnsNames);
        if (hosts.Count == 0)
            _invalid.Add(new Problem(
                Reasons.InvalidHost, $"{field}.hosts", $"is empty, and the certificate of Secret {Shown.Key(secret)} is for no host of the rules; name the hosts"));
        return hosts.Order(StringComparer.Ordinal);
    }

    private static bool Covers(Certificate certificate, string host) =>
        certificate.DnsNames.Items.Contains(host)
        || (HostNames.WildcardFor(host) is { } wildcard && certificate.DnsNames.Items.Contains(wildcard));
}
