using System.Collections.Immutable;
using MultiCluster.Model.Routing;

namespace MultiCluster.HAProxy.Data;

/// <summary>Groups the hosts of each certificate into files.</summary>
internal sealed class DesiredCertificates(Refusals refusals)
{
    private readonly Dictionary<string, CertificateHosts> _byHost = new(StringComparer.Ordinal);
    private readonly Dictionary<string, CertificateHosts> _byFingerprint = new(StringComparer.Ordinal);
    private readonly Dictionary<string, CertificateFile> _files = new(StringComparer.Ordinal);

    /// <summary>By file name.</summary>
    public IReadOnlyDictionary<string, CertificateFile> Files => _files;

    public void Apply(ImmutableArray<KeyValuePair<string, Certificate?>> changes, Touched touched)
    {
        var changed = new HashSet<CertificateHosts>();
        foreach (var (host, certificate) in changes)
        {
            if (_byHost.Remove(host, out var old))
            {
                old.Remove(host);
                changed.Add(old);
            }

            var reason = certificate is null ? null : Refuse(host, certificate);
            refusals.Set(RefusedKind.Certificate, host, reason);
            if (certificate is null || reason is not null)
                continue;
            var group = Group(certificate);
            group.Add(host);
            _byHost.Add(host, group);
            changed.Add(group);
        }

        foreach (var group in changed)
        {
            group.Rewrite(_files, touched);
            if (group.Count == 0)
                _byFingerprint.Remove(group.Certificate.Fingerprint);
        }
    }

    private static string? Refuse(string host, Certificate certificate) =>
        SafeText.IsHost(host) ? CertificateFile.Refuse(certificate) : "the host is neither a DNS name nor one below \"*.\"";

    private CertificateHosts Group(Certificate certificate)
    {
        if (!_byFingerprint.TryGetValue(certificate.Fingerprint, out var group))
            _byFingerprint.Add(certificate.Fingerprint, group = new CertificateHosts(certificate));
        return group;
    }
}
