using System.Globalization;
using System.Text;

namespace MultiCluster.HAProxy.Program;

/// <summary>
/// TLS that is passed on unread, by the name that the client asks for. It takes a frontend before TLS is spoken, and so a second connection within
/// HAProxy for all other names; it is there from the first Ingress on that wants it. Endpoints are data: how many a name has, and each by its
/// number.
/// </summary>
internal static class PassthroughSection
{
    private const string Socket = "tls.sock";

    public const string Frontend = "tls-entry";

    public const string PassedBackend = "tls-passed";

    public const string InsideBackend = "tls-inside";

    /// <summary>What the frontend of requests listens on.</summary>
    public static IEnumerable<BindOptions> Binds(ProgramOptions options, ProgramPaths paths) => !Stands(options)
        ? options.Binds.Items
        : options.Binds.Items.Where(static bind => !bind.Tls).Append(new BindOptions($"{SocketOf(paths)} {InnerSocket.Rights(options)} accept-proxy", Tls: true));

    public static bool Stands(ProgramOptions options) => options.PassesTls && options.Binds.Items.Any(static bind => bind.Tls);

    private static string SocketOf(ProgramPaths paths) => $"unix@{paths.WorkerSocket[..(paths.WorkerSocket.LastIndexOf('/') + 1)]}{Socket}";

    public static void Append(StringBuilder text, ProgramOptions options, ProgramPaths paths)
    {
        var passed = paths.Full(ProgramPaths.PassedMap);
        text.Append(CultureInfo.InvariantCulture, $"\nfrontend {Frontend} from base\n    mode tcp\n");
        foreach (var bind in options.Binds.Items.Where(static bind => bind.Tls))
            text.Append(CultureInfo.InvariantCulture, $"    bind {bind.Address}\n");
        ProxyHeaderSection.Append(text, options);
        text.Append(CultureInfo.InvariantCulture, $$"""
                tcp-request inspect-delay 5s
                tcp-request content set-var(txn.name) req.ssl_sni,lower
                tcp-request content set-var(txn.count) var(txn.name),map_str({{passed}}),add(0)
                # A host under a wildcard that is passed on has none of its own, and is not.
                acl known var(txn.count) -m found
                acl passed var(txn.count) -m int gt 0
                acl has_place var(txn.to) -m found
                tcp-request content set-var(txn.name) var(txn.name),regsub(^[^.]*,*) if !known
                tcp-request content set-var(txn.count) var(txn.name),map_str({{passed}}),add(0) if !known
                tcp-request content set-var(txn.draw) rand(1000000),mod(txn.count) if passed
                tcp-request content set-var(txn.to) var(txn.name),concat(/,txn.draw),map_str({{passed}}) if passed
                # Without a place the connection would go to where it came from: to this frontend.
                tcp-request content reject if passed !has_place
                tcp-request content set-dst var(txn.to),regsub(:[0-9]+$,) if has_place
                tcp-request content set-dst-port var(txn.to),regsub(^.*:,) if has_place
                tcp-request content accept if { req.ssl_hello_type 1 }
                use_backend {{PassedBackend}} if has_place
                default_backend {{InsideBackend}}

            backend {{PassedBackend}} from base
                mode tcp
                server any 0.0.0.0:0

            backend {{InsideBackend}} from base
                mode tcp
                server inside {{SocketOf(paths)}} send-proxy-v2

            """);
    }
}
