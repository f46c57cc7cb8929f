using MultiCluster.Model.Routing;

namespace MultiCluster.HAProxy.Data;

/// <summary>Files that policies of routes want for servers. Each is there once, however many routes want it.</summary>
public sealed partial class DesiredData
{
    private readonly Dictionary<string, (CertificateFile File, int Users)> _identities = new(StringComparer.Ordinal);

    /// <summary>Certificates that servers are shown; in no list.</summary>
    public IEnumerable<CertificateFile> Identities => _identities.Values.Select(static item => item.File);

    public CertificateFile? FindIdentity(string fileName) => _identities.TryGetValue(fileName, out var item) ? item.File : null;

    private void NoteServerFiles(Route? old, Route? now, Touched touched)
    {
        var (before, after) = (old?.Policy?.Backend?.Tls, now?.Policy?.Backend?.Tls);
        if (before == after)
            return;
        // What both want stays all the time.
        if (after is not null)
            Use(ServerFiles.Of(after), 1, touched);
        if (before is not null)
            Use(ServerFiles.Of(before), -1, touched);
    }

    private void Use(ServerFiles files, int more, Touched touched)
    {
        foreach (var file in new[] { files.Authorities, files.Revoked }.OfType<TrustFile>())
            _certificates.Use(file, more, touched);
        if (files.Identity is not { } identity)
            return;
        var users = _identities.GetValueOrDefault(identity.FileName).Users + more;
        if (users > 0)
            _identities[identity.FileName] = (identity, users);
        else
            _identities.Remove(identity.FileName);
        touched.Certificates.Add(identity.FileName);
    }
}
