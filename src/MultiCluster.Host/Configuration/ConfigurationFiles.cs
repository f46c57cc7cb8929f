using Microsoft.Extensions.Logging.Abstractions;
using MultiCluster.Cluster.Transport.Http2.Tls;
using MultiCluster.Hocon;
using MultiCluster.Host.Admin;
using MultiCluster.Host.Members;
using MultiCluster.Host.Nodes;
using MultiCluster.Model.Identity;

namespace MultiCluster.Host.Configuration;

/// <summary>Looks at the files that a configuration names, with the readers that a start uses.</summary>
internal sealed class ConfigurationFiles(HoconDocument document)
{
    private const string Certificate = "cluster.tls.certificate";
    private const string Key = "cluster.tls.key";
    private const string Authority = "cluster.tls.authority";
    private const string AdminCertificate = "admin.tls.certificate";
    private const string AdminKey = "admin.tls.key";
    private const string ClientAuthority = "admin.tls.client-authority";
    private const string Tokens = "admin.tokens-file";
    private const string Authorities = "haproxy.ca-file";

    /// <param name="searchPath">Folders in which programs are looked for.</param>
    public IEnumerable<HoconError> Problems(Role role, string searchPath)
    {
        var drivesProxy = role != Role.Controller;
        string[] keys = [Certificate, Key, Authority, AdminCertificate, AdminKey, ClientAuthority, Tokens, .. drivesProxy ? [Authorities] : Array.Empty<string>()];
        var unreadable = keys.Select(Unreadable).OfType<HoconError>().ToList();
        var wrong = unreadable.Count > 0 ? [] : Contents(drivesProxy);
        return [.. unreadable, .. wrong, .. drivesProxy ? Proxy(searchPath) : []];
    }

    /// <summary>A start goes on without them.</summary>
    public IEnumerable<HoconError> MemberProblems(HostOptions options)
    {
        foreach (var member in options.Members)
        {
            if (MemberFactory.Problem(member) is { } problem)
                yield return document.Error($"{HoconPath.Join("members", member.Name.Value)}.{(member.Manifests is null ? "kubeconfig" : "manifests")}", problem);
        }
    }

    private HoconError? Unreadable(string key)
    {
        if (Text(key) is not { } path)
            return null;
        try
        {
            using var file = File.OpenRead(path);
            return null;
        }
        catch (Exception failure) when (failure is FileNotFoundException or DirectoryNotFoundException)
        {
            return document.Error(key, $"names a file that does not exist: {Path.GetFullPath(path)}; make it, or name another one");
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            return document.Error(key, $"can't be read: {failure.Message} Let the user that runs multicluster read it");
        }
    }

    private IEnumerable<HoconError> Contents(bool drivesProxy)
    {
        if ((Text(Certificate), Text(Key), Text(Authority)) is ({ } certificate, { } key, { } authority)
            && TransportTls.Load(new TlsFiles(certificate, key, authority), TimeProvider.System, NullLoggerFactory.Instance).Error is { } link)
            yield return document.Error(Certificate, $"can't be used: {link}");
        if ((Text(AdminCertificate), Text(AdminKey)) is ({ } server, { } serverKey) && AdminTls.Open(new AdminTlsFiles(server, serverKey, Text(ClientAuthority))).Error is { } https)
            yield return document.Error(AdminCertificate, $"can't be used: {https}");
        if (Text(Tokens) is { } tokens && AdminTokenFile.Open(tokens, TimeProvider.System, NullLogger.Instance).Error is { } line)
            yield return document.Error(Tokens, $"can't be used: {line}");
        if (drivesProxy && Text(Authorities) is { } pem && SystemAuthorities.Load(pem, NullLogger.Instance).Error is { } none)
            yield return document.Error(Authorities, $"can't be used: {none}");
    }

    private IEnumerable<HoconError> Proxy(string searchPath)
    {
        var binary = document.GetString("haproxy.binary");
        var exists = binary.Contains('/', StringComparison.Ordinal) ? File.Exists(binary) : searchPath.Split(':').Any(folder => File.Exists(Path.Combine(folder, binary)));
        if (!exists)
            yield return document.Error("haproxy.binary", $"is \"{binary}\", which is no file and no program of the PATH: install HAProxy, or write where it is");
        if (ProxyParts.SocketProblem(document.GetString("haproxy.state-directory")) is { } tooLong)
            yield return document.Error("haproxy.state-directory", $"can't be used: {tooLong}");
    }

    private string? Text(string key) => document.Has(key) ? document.GetString(key) : null;
}
