using System.Globalization;
using System.Text;

namespace MultiCluster.HAProxy.Program;

/// <summary>
/// TCP services: a frontend for each port, which is what takes a reload; where its connections go is data, as for requests. The value of a
/// port is that of a route, <c>backend||namespace/ingress</c> or a choice among groups, see <see cref="SteeringSection"/>; here a session is
/// bound to nothing, and no group has a limit.
/// </summary>
internal static class TcpSection
{
    /// <summary>Name of the defaults section of all of them.</summary>
    public const string Base = "tcp-base";

    private const int Redraws = 2;

    private const int Hops = 6;

    public static void AppendDefaults(StringBuilder text, ProgramOptions options)
    {
        var t = options.Timeouts;
        text.Append(CultureInfo.InvariantCulture, $"""

            defaults {Base}
                mode tcp
                timeout connect {ProgramRenderer.Milliseconds(t.Connect)}
                timeout client {ProgramRenderer.Milliseconds(t.Client)}
                timeout server {ProgramRenderer.Milliseconds(t.Server)}
                timeout queue {ProgramRenderer.Milliseconds(t.Queue)}
                timeout tunnel {ProgramRenderer.Milliseconds(t.Tunnel)}
                retries 3
                option redispatch 1

            """);
        if (t.ClientFin is { } fin)
            text.Append(CultureInfo.InvariantCulture, $"    timeout client-fin {ProgramRenderer.Milliseconds(fin)}\n");
    }

    public static void Append(StringBuilder text, ProgramOptions options, ProgramPaths paths)
    {
        foreach (var port in options.TcpPorts)
            Append(text, port, options, paths);
    }

    private static void Append(StringBuilder text, TcpPort port, ProgramOptions options, ProgramPaths paths)
    {
        text.Append(CultureInfo.InvariantCulture, $"\nfrontend {port.Frontend} from {Base}\n");
        foreach (var address in options.TcpListen)
        {
            var proxy = port.AcceptsProxy ? " accept-proxy" : "";
            var tls = port.Tls ? $" ssl crt-list {paths.Full(ProgramPaths.CertificateList)}" : "";
            text.Append(CultureInfo.InvariantCulture, $"    bind {address}:{port.Port}{proxy}{tls}\n");
        }

        LogSection.AppendTcp(text, options, paths);
        const string Number = "tcp-request content set-var(txn.draw) rand(10000),add(10000)";
        var chosen = $"tcp-request content set-var(txn.group) var(txn.steer),concat(/,txn.draw),map_beg({paths.Full(ProgramPaths.ShareMap)})";
        text.Append(CultureInfo.InvariantCulture, $$"""
                tcp-request content set-var(txn.route) str(:{{port.Port}}),map_str({{paths.Full(ProgramPaths.DefaultMap)}})
                tcp-request content reject if !{ var(txn.route) -m found }
                acl steered var(txn.route) -m beg ~
                acl alive var(txn.group),nbsrv gt 0
                tcp-request content set-var(txn.steer) var(txn.route),field(1,|) if steered
                tcp-request content set-var(txn.ingress) var(txn.route),field(3,|) if steered

            """);
        for (var i = 0; i <= Redraws; i++)
            text.Append(CultureInfo.InvariantCulture, $"    {Number} if steered !alive\n    {chosen} if steered !alive\n");
        for (var i = 0; i < Hops; i++)
            text.Append(CultureInfo.InvariantCulture, $"    tcp-request content set-var(txn.group) var(txn.steer),concat(/,txn.group),map_str({paths.Full(ProgramPaths.NextMap)}) if steered !alive\n");
        text.Append(CultureInfo.InvariantCulture, $$"""
                tcp-request content set-var(txn.route) var(txn.group),concat(||,txn.ingress) if steered
                tcp-request content reject if { var(txn.route) -m beg {{ProgramRenderer.NoRouteBackend}}| } or { var(txn.route) -m beg | }
                use_backend %[var(txn.route),field(1,|)]

            """);
    }
}
