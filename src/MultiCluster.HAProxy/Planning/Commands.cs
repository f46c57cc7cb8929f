using System.Text;
using MultiCluster.HAProxy.Data;
using MultiCluster.HAProxy.Program;
using MultiCluster.HAProxy.Traffic;

namespace MultiCluster.HAProxy.Planning;

/// <summary>
/// The only place where Runtime API commands that change something are written. Each word passes its alphabet here once more,
/// whether it comes from an object or from HAProxy itself, where hands may have written anything. Null: a word does not, so
/// there is no such command.
/// </summary>
/// <param name="features">Null: those of the oldest version, which all have.</param>
public sealed class Commands(ProgramPaths paths, CheckOptions? checks = null, ProxyFeatures? features = null)
{
    private readonly ProxyFeatures _features = features ?? ProxyFeatures.Of(ProxyVersion.Floor);

    /// <summary>
    /// On 2.6 a dynamic server reuses connections only with both pool words (65 instead of 22 µs a request without); other
    /// versions take them too.
    /// </summary>
    public const string ServerParameters = "weight 1 pool-max-conn 1000 pool-purge-delay 5s";

    public RuntimeCommand? AddMap(MapKey entry, string value) => OfMap("add", entry, value);

    public RuntimeCommand? SetMap(MapKey entry, string value) => OfMap("set", entry, value);

    /// <summary>Also by the number of the entry, see <see cref="RouteMaps.Reference"/>.</summary>
    public RuntimeCommand? DeleteMap(MapKey entry) => SafeText.IsKey(entry) || SafeText.IsReference(entry.Key)
        ? new($"del map {MapPath(entry)} {SafeText.Escape(entry.Key)}", null, ReplyRule.Silent)
        : null;

    /// <summary>
    /// In maintenance until <see cref="Ready"/>. On 2.6 the keyword <c>enabled</c> shows the server as running but leaves it out
    /// of the balancing, and later versions refuse the word.
    /// </summary>
    public RuntimeCommand? AddServer(string backend, ServerSpec server) => AreNames(backend, server.Name) && IsEndpoint(server)
        ? new($"add server {backend}/{server.Name} {server.Endpoint} {ServerParameters}{ServerLines.Options(server, checks ?? CheckOptions.Default, paths, _features, isInFile: false)}", null, ReplyRule.ServerAdded)
        : null;

    /// <summary>A server that is added takes no part in checks until it is told to.</summary>
    public static RuntimeCommand? EnableChecks(string backend, string server) => AreNames(backend, server)
        ? new($"enable health {backend}/{server}", null, ReplyRule.Silent)
        : null;

    public static RuntimeCommand? AskAgent(string backend, string server, bool asks) => AreNames(backend, server)
        ? new($"{(asks ? "enable" : "disable")} agent {backend}/{server}", null, ReplyRule.Silent)
        : null;

    /// <summary>Gives servers that were added since their cookies; 2.6 takes none with the server.</summary>
    public static RuntimeCommand? EnableCookies(string backend) =>
        SafeText.IsName(backend) ? new($"enable dynamic-cookie backend {backend}", null, ReplyRule.Silent) : null;

    public static RuntimeCommand? Ready(string backend, string server) => AreNames(backend, server)
        ? new($"set server {backend}/{server} state ready", null, ReplyRule.ServerState)
        : null;

    public static RuntimeCommand? Drain(string backend, string server) => AreNames(backend, server)
        ? new($"set server {backend}/{server} state drain", null, ReplyRule.ServerState)
        : null;

    public static RuntimeCommand? Maintenance(string backend, string server) => AreNames(backend, server)
        ? new($"set server {backend}/{server} state maint", null, ReplyRule.ServerState)
        : null;

    public static RuntimeCommand? DeleteServer(string backend, string server) => AreNames(backend, server)
        ? new($"del server {backend}/{server}", null, ReplyRule.ServerDeleted)
        : null;

    public static RuntimeCommand? AddBackend(string backend, BackendProfile profile) => SafeText.IsName(backend)
        ? new($"add backend {backend} from {profile.Defaults} mode {(profile.IsTcp ? "tcp" : "http")}", null, ReplyRule.BackendChanged)
        : null;

    public static RuntimeCommand? Publish(string backend) =>
        SafeText.IsName(backend) ? new($"publish backend {backend}", null, ReplyRule.BackendChanged) : null;

    public static RuntimeCommand? Unpublish(string backend) =>
        SafeText.IsName(backend) ? new($"unpublish backend {backend}", null, ReplyRule.BackendChanged) : null;

    public static RuntimeCommand? DeleteBackend(string backend) =>
        SafeText.IsName(backend) ? new($"del backend {backend}", null, ReplyRule.BackendDeleted) : null;

    public RuntimeCommand? NewCertificate(string file) => OfCertificate("new ssl cert", Full(file));

    public RuntimeCommand? SetCertificate(CertificateFile file) =>
        SafeText.IsPem(file.Certificate.Pem.Reveal().Span) && OfCertificate("set ssl cert", Full(file.FileName), Pem(file)) is { } command
            ? command with { IsSecret = true }
            : null;

    public RuntimeCommand? CommitCertificate(string file) => OfCertificate("commit ssl cert", Full(file));

    /// <summary>Closes the transaction of a certificate that may have failed to be committed.</summary>
    public RuntimeCommand? EndTransaction(string file) =>
        Full(file) is { } name ? new($"abort ssl cert {name}", null, ReplyRule.TransactionEnded) : null;

    /// <param name="fullName">As HAProxy tells it: the change may be somebody else's.</param>
    public RuntimeCommand? AbortCertificate(string fullName)
    {
        var isOurs = fullName.StartsWith(paths.Full(""), StringComparison.Ordinal);
        return OfCertificate("abort ssl cert", SafeText.IsValue(isOurs ? fullName[paths.Full("").Length..] : fullName) ? fullName : null);
    }

    public RuntimeCommand? ListCertificate(CertificateFile file) =>
        SafeText.IsValue(file.FileName) ? OfCertificate("add ssl crt-list", paths.Full(ProgramPaths.CertificateList), file.ListLine(paths)) : null;

    public RuntimeCommand? UnlistCertificate(string file) =>
        OfCertificate($"del ssl crt-list {paths.Full(ProgramPaths.CertificateList)}", Full(file));

    public RuntimeCommand? DeleteCertificate(string file) => OfCertificate("del ssl cert", Full(file));

    public RuntimeCommand? NewTrust(string file) => OfTrust("new", file);

    public RuntimeCommand? SetTrust(TrustFile file) => OfTrust("set", file.FileName, file.Pem);

    public RuntimeCommand? CommitTrust(string file) => OfTrust("commit", file);

    public RuntimeCommand? DeleteTrust(string file) => OfTrust("del", file);

    /// <summary>Closes the transaction of a file that may have failed to be committed.</summary>
    public RuntimeCommand? AbortTrust(TrustKind kind, string file) => Full(file) is { } name ? AbortTrustOf(kind, name) : null;

    /// <summary>One that somebody left open.</summary>
    /// <param name="fullName">As HAProxy tells it.</param>
    public static RuntimeCommand? AbortTrustOf(TrustKind kind, string fullName) =>
        SafeText.IsValue(fullName) ? new($"abort ssl {Word(kind)} {fullName}", null, ReplyRule.TransactionEnded) : null;

    private RuntimeCommand? OfTrust(string verb, string file, string? payload = null) =>
        TrustFile.KindOf(file) is { } kind && Full(file) is { } name ? new($"{verb} ssl {Word(kind)} {name}", payload, ReplyRule.TrustChanged) { IsSecret = payload is not null } : null;

    private static string Word(TrustKind kind) => kind == TrustKind.Authorities ? "ca-file" : "crl-file";

    private RuntimeCommand? OfMap(string verb, MapKey entry, string value) => SafeText.IsKey(entry) && SafeText.IsValue(entry.Map, value)
        ? new($"{verb} map {MapPath(entry)} {SafeText.Escape(entry.Key)} {SafeText.Escape(value)}", null, ReplyRule.Silent)
        : null;

    private string MapPath(MapKey entry) => paths.Full(RouteMaps.File(entry.Map));

    private string? Full(string file) => SafeText.IsValue(file) ? paths.Full(file) : null;

    private static RuntimeCommand? OfCertificate(string command, string? fullName, string? payload = null) => fullName is not null
        ? new($"{command} {fullName}", payload, ReplyRule.CertificateChanged)
        : null;

    private static bool AreNames(string backend, string server) => SafeText.IsName(backend) && SafeText.IsName(server);

    /// <summary>IPv6 comes in brackets, which no name may hold.</summary>
    private static bool IsEndpoint(ServerSpec server) => SafeText.IsName(server.Address) && (server.CheckName.Length == 0 || SafeText.IsName(server.CheckName));

    private static string Pem(CertificateFile file) =>
        Encoding.ASCII.GetString(file.Certificate.Pem.Reveal().Span).TrimEnd('\n');
}
