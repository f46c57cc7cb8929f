using System.Collections.Immutable;
using MultiCluster.HAProxy.Program;
using MultiCluster.Model.Routing;

namespace MultiCluster.HAProxy.Data;

/// <summary>
/// Groups the hosts of each certificate into files. A host whose connections are made in a way of its own has lines of its own, with the
/// certificate that it would be served with anyway.
/// </summary>
/// <param name="fallback">Served to names that no Secret covers; null: unknown.</param>
internal sealed class DesiredCertificates(Refusals refusals, Certificate? fallback)
{
    private readonly Dictionary<string, Certificate> _given = new(StringComparer.Ordinal);
    private readonly Dictionary<string, Handshake> _handshakes = new(StringComparer.Ordinal);
    private readonly Dictionary<string, CertificateHosts> _byHost = new(StringComparer.Ordinal);
    private readonly Dictionary<string, CertificateHosts> _byContent = new(StringComparer.Ordinal);
    private readonly Dictionary<string, CertificateFile> _files = new(StringComparer.Ordinal);
    private readonly Dictionary<string, (TrustFile File, int Users)> _trust = new(StringComparer.Ordinal);
    private readonly HashSet<string> _changed = new(StringComparer.Ordinal);

    /// <summary>By file name.</summary>
    public IReadOnlyDictionary<string, CertificateFile> Files => _files;

    /// <summary>Whom to believe, by file name.</summary>
    public IEnumerable<TrustFile> Trust => _trust.Values.Select(static item => item.File);

    public TrustFile? FindTrust(string fileName) => _trust.TryGetValue(fileName, out var item) ? item.File : null;

    /// <summary>Counts with the next <see cref="Apply"/>.</summary>
    public void Set(string host, Handshake? handshake, Touched touched)
    {
        if (!SafeText.IsHost(host))
            return;
        _handshakes.Remove(host, out var old);
        foreach (var file in handshake?.Files ?? [])
            Use(file, 1, touched);
        foreach (var file in old?.Files ?? [])
            Use(file, -1, touched);
        if (handshake is not null)
            _handshakes.Add(host, handshake);
        _changed.Add(host);
    }

    /// <summary>The certificate that names get which no other covers, from a Secret; null: the agent's own.</summary>
    public Certificate? Default { get; private set; }

    /// <summary>As above, of whomever; null: unknown.</summary>
    public Certificate? Fallback => Default ?? fallback;

    public void Apply(ImmutableArray<KeyValuePair<string, Certificate?>> changes, Touched touched)
    {
        foreach (var (host, certificate) in changes)
        {
            if (host == TlsClaim.AnyHost)
            {
                SetDefault(certificate, touched);
                continue;
            }

            var reason = certificate is null ? null : Refuse(host, certificate);
            refusals.Set(RefusedKind.Certificate, host, reason);
            if (certificate is null || reason is not null)
                _given.Remove(host);
            else
                _given[host] = certificate;
            _changed.Add(host);
            if (_handshakes.Count > 0 && host.StartsWith('*'))
                _changed.UnionWith(_handshakes.Keys.Where(other => string.Equals(WildcardOf(other), host, StringComparison.Ordinal)));
        }

        var groups = new HashSet<CertificateHosts>();
        foreach (var host in _changed)
            Place(host, groups);
        _changed.Clear();
        foreach (var group in groups)
        {
            group.Rewrite(_files, touched);
            if (group.Count == 0)
                _byContent.Remove(group.Key);
        }
    }

    private void SetDefault(Certificate? certificate, Touched touched)
    {
        var reason = certificate is null ? null : CertificateFile.Refuse(certificate);
        refusals.Set(RefusedKind.Certificate, TlsClaim.AnyHost, reason);
        Default = reason is null ? certificate : null;
        touched.Certificates.Add(ProgramPaths.DefaultCertificate);
        _changed.UnionWith(_handshakes.Keys);
    }

    private void Place(string host, HashSet<CertificateHosts> groups)
    {
        if (_byHost.Remove(host, out var old))
        {
            old.Remove(host);
            groups.Add(old);
        }

        var handshake = _handshakes.GetValueOrDefault(host);
        var certificate = _given.GetValueOrDefault(host)
            ?? (handshake is null ? null : WildcardOf(host) is { } wildcard && _given.TryGetValue(wildcard, out var covering) ? covering : Fallback);
        if (certificate is null)
            return;
        var key = CertificateHosts.KeyOf(certificate, handshake);
        if (!_byContent.TryGetValue(key, out var group))
            _byContent.Add(key, group = new CertificateHosts(certificate, handshake));
        group.Add(host);
        _byHost.Add(host, group);
        groups.Add(group);
    }

    public void Use(TrustFile file, int more, Touched touched)
    {
        var users = _trust.GetValueOrDefault(file.FileName).Users + more;
        if (users > 0)
            _trust[file.FileName] = (file, users);
        else
            _trust.Remove(file.FileName);
        touched.Certificates.Add(file.FileName);
    }

    internal static string? WildcardOf(string host) =>
        !host.StartsWith('*') && host.IndexOf('.', StringComparison.Ordinal) is > 0 and var dot ? $"*{host[dot..]}" : null;

    private static string? Refuse(string host, Certificate certificate) =>
        SafeText.IsHost(host) ? CertificateFile.Refuse(certificate) : "the host is neither a DNS name nor one below \"*.\"";
}
