using System.Globalization;
using System.Text;
using MultiCluster.HAProxy.Data;
using MultiCluster.HAProxy.Program;

namespace MultiCluster.HAProxy.Planning;

/// <summary>
/// The only place where Runtime API commands that change something are written. Each word that comes from an object passes
/// its alphabet here once more; a word that does not is a bug of the compiler and stops the plan before the socket.
/// </summary>
public sealed class Commands(ProgramPaths paths)
{
    /// <summary>
    /// On 2.6 a dynamic server reuses connections only with both pool words (65 instead of 22 µs a request without); other
    /// versions take them too.
    /// </summary>
    public const string ServerParameters = "weight 1 pool-max-conn 1000 pool-purge-delay 5s";

    public RuntimeCommand AddMap(MapKey entry, string value) =>
        new($"add map {MapPath(entry)} {Key(entry.Key)} {Value(value)}", null, ReplyRule.Silent);

    public RuntimeCommand SetMap(MapKey entry, string value) =>
        new($"set map {MapPath(entry)} {Key(entry.Key)} {Value(value)}", null, ReplyRule.Silent);

    public RuntimeCommand DeleteMap(MapKey entry) =>
        new($"del map {MapPath(entry)} {Key(entry.Key)}", null, ReplyRule.Silent);

    /// <summary>
    /// In maintenance until <see cref="Ready"/>. On 2.6 the keyword <c>enabled</c> shows the server as running but leaves it out
    /// of the balancing, and later versions refuse the word.
    /// </summary>
    public static RuntimeCommand AddServer(string backend, ServerSpec server) =>
        new($"add server {Path(backend, server.Name)} {Name(server.Endpoint, brackets: true)} {ServerParameters}", null, ReplyRule.ServerAdded);

    public static RuntimeCommand Ready(string backend, string server) =>
        new($"set server {Path(backend, server)} state ready", null, ReplyRule.ServerState);

    public static RuntimeCommand Maintenance(string backend, string server) =>
        new($"set server {Path(backend, server)} state maint", null, ReplyRule.ServerState);

    public static RuntimeCommand DeleteServer(string backend, string server) =>
        new($"del server {Path(backend, server)}", null, ReplyRule.ServerDeleted);

    public static RuntimeCommand AddBackend(string backend) =>
        new($"add backend {Name(backend)} from {ProgramRenderer.SlotDefaults} mode http", null, ReplyRule.BackendChanged);

    public static RuntimeCommand Publish(string backend) => new($"publish backend {Name(backend)}", null, ReplyRule.BackendChanged);

    public static RuntimeCommand Unpublish(string backend) => new($"unpublish backend {Name(backend)}", null, ReplyRule.BackendChanged);

    public static RuntimeCommand DeleteBackend(string backend) => new($"del backend {Name(backend)}", null, ReplyRule.BackendDeleted);

    public RuntimeCommand NewCertificate(string file) =>
        new($"new ssl cert {paths.Full(FileName(file))}", null, ReplyRule.CertificateChanged);

    public RuntimeCommand SetCertificate(CertificateFile file) =>
        new($"set ssl cert {paths.Full(FileName(file.FileName))}", Pem(file), ReplyRule.CertificateChanged) { IsSecret = true };

    public RuntimeCommand CommitCertificate(string file) =>
        new($"commit ssl cert {paths.Full(FileName(file))}", null, ReplyRule.CertificateChanged);

    public RuntimeCommand ListCertificate(CertificateFile file) =>
        new($"add ssl crt-list {paths.Full(ProgramPaths.CertificateList)}", file.ListLine(paths), ReplyRule.CertificateChanged);

    public RuntimeCommand UnlistCertificate(string file) =>
        new($"del ssl crt-list {paths.Full(ProgramPaths.CertificateList)} {paths.Full(FileName(file))}", null, ReplyRule.CertificateChanged);

    public RuntimeCommand DeleteCertificate(string file) =>
        new($"del ssl cert {paths.Full(FileName(file))}", null, ReplyRule.CertificateChanged);

    private string MapPath(MapKey entry) => paths.Full(RouteMaps.File(entry.Map));

    private static string Path(string backend, string server) => $"{Name(backend)}/{Name(server)}";

    private static string Key(string text) => SafeText.IsKey(text) ? text : throw Unsafe("map key", text);

    private static string Value(string text) => SafeText.IsValue(text) ? text : throw Unsafe("map value", text);

    private static string FileName(string text) => SafeText.IsValue(text) ? text : throw Unsafe("file name", text);

    private static string Name(string text, bool brackets = false)
    {
        var bare = brackets ? text.Replace("[", "", StringComparison.Ordinal).Replace("]", "", StringComparison.Ordinal) : text;
        return SafeText.IsName(bare) ? text : throw Unsafe("name", text);
    }

    private static string Pem(CertificateFile file) =>
        Encoding.ASCII.GetString(file.Certificate.Pem.Reveal().Span).TrimEnd('\n');

    private static InvalidOperationException Unsafe(string what, string text) =>
        new(string.Create(CultureInfo.InvariantCulture, $"a {what} of {text.Length} characters is outside its alphabet and was not sent"));
}
