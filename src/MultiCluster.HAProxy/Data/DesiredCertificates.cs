using System.Collections.Immutable;
using MultiCluster.Model.Routing;

namespace MultiCluster.HAProxy.Data;

/// <summary>Groups the hosts of each certificate into one file.</summary>
internal sealed class DesiredCertificates
{
    private readonly Dictionary<string, Certificate> _byHost = new(StringComparer.Ordinal);
    private readonly Dictionary<string, HashSet<string>> _hosts = new(StringComparer.Ordinal);
    private readonly Dictionary<string, CertificateFile> _byFingerprint = new(StringComparer.Ordinal);
    private readonly Dictionary<string, CertificateFile> _files = new(StringComparer.Ordinal);

    /// <summary>By file name.</summary>
    public IReadOnlyDictionary<string, CertificateFile> Files => _files;

    public void Apply(ImmutableArray<KeyValuePair<string, Certificate?>> changes, Touched touched)
    {
        var changed = new Dictionary<string, Certificate>(StringComparer.Ordinal);
        foreach (var (host, certificate) in changes)
        {
            if (_byHost.Remove(host, out var old))
            {
                _hosts[old.Fingerprint].Remove(host);
                changed[old.Fingerprint] = old;
            }

            if (certificate is null)
                continue;
            _byHost[host] = certificate;
            if (!_hosts.TryGetValue(certificate.Fingerprint, out var hosts))
                _hosts.Add(certificate.Fingerprint, hosts = new HashSet<string>(StringComparer.Ordinal));
            hosts.Add(host);
            changed[certificate.Fingerprint] = certificate;
        }

        foreach (var certificate in changed.Values)
            Rewrite(certificate, touched);
    }

    private void Rewrite(Certificate certificate, Touched touched)
    {
        if (_byFingerprint.Remove(certificate.Fingerprint, out var old))
        {
            _files.Remove(old.FileName);
            touched.Certificates.Add(old.FileName);
        }

        var hosts = _hosts[certificate.Fingerprint];
        if (hosts.Count == 0)
        {
            _hosts.Remove(certificate.Fingerprint);
            return;
        }

        var file = CertificateFile.Create(certificate, hosts);
        if (file.Hosts.IsEmpty)
            return;
        _byFingerprint[certificate.Fingerprint] = file;
        _files[file.FileName] = file;
        touched.Certificates.Add(file.FileName);
    }
}
