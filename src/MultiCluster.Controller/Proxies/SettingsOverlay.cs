using MultiCluster.Federation.Settings;
using MultiCluster.HAProxy.Program;
using MultiCluster.Model.Collections;

namespace MultiCluster.Controller.Proxies;

/// <summary>Settings of the cluster over those of the proxy's configuration.</summary>
public static class SettingsOverlay
{
    /// <param name="settings">By full names; what is no setting of proxies, or is no good, changes nothing.</param>
    public static ProgramOptions Over(this ProgramOptions options, EquatableMap settings)
    {
        if (settings.Count == 0)
            return options;
        var said = ProcessSettings.Of(settings);
        var times = options.Timeouts;
        return options with
        {
            Timeouts = times with
            {
                Connect = said.Connect ?? times.Connect,
                Client = said.Client ?? times.Client,
                ClientFin = said.ClientFin ?? times.ClientFin,
                HttpRequest = said.HttpRequest ?? times.HttpRequest,
                KeepAlive = said.KeepAlive ?? times.KeepAlive,
                Queue = said.Queue ?? times.Queue,
                Tunnel = said.Tunnel ?? times.Tunnel,
                HardStopAfter = said.HardStopAfter ?? times.HardStopAfter,
            },
            MaxConnections = Fewer(said.MaxConnections, options.MaxConnections),
            Threads = said.Threads ?? options.Threads,
            Connections = said.Mode switch
            {
                ConnectionMode.KeepAlive => ConnectionHandling.Keep,
                ConnectionMode.ServerClose => ConnectionHandling.CloseServer,
                ConnectionMode.Close => ConnectionHandling.Close,
                _ => options.Connections,
            },
            LogsEarly = said.LogsEarly ?? options.LogsEarly,
            AccessLog = said.Logs is { } logs ? logs[0] : options.AccessLog,
            MoreLogs = said.Logs is { } all ? all.Skip(1).ToEquatableArray() : options.MoreLogs,
            LogTag = said.LogTag ?? options.LogTag,
            ProxyProtocol = said.ProxyProtocol ?? options.ProxyProtocol,
            Firewall = Over(options.Firewall, said),
            Forwarded = new ForwardedHeaders(
                said.ForwardedFor switch
                {
                    ForwardedForMode.Add => ForwardedFor.Replace,
                    ForwardedForMode.Update => ForwardedFor.Append,
                    ForwardedForMode.Ignore => ForwardedFor.Keep,
                    ForwardedForMode.IfMissing => ForwardedFor.AddMissing,
                    _ => options.Forwarded.For,
                },
                said.OriginalForwardedFor ?? options.Forwarded.Original,
                said.RealIp ?? options.Forwarded.RealIp),
            CertificateHeaders = said.CertificateHeaders?.ToLowerInvariant() ?? options.CertificateHeaders,
            Tls = new ListenerTls(said.Alpn ?? options.Tls.Alpn, said.Ciphers ?? options.Tls.Ciphers, said.CipherSuites ?? options.Tls.CipherSuites, said.TlsOptions ?? options.Tls.Options, said.DhSize ?? options.Tls.DhSize),
        };
    }

    private static FirewallOptions Over(FirewallOptions own, ProcessSettings said) => own with
    {
        Endpoints = said.FirewallEndpoints ?? own.Endpoints,
        Kind = said.UsesCoraza is { } coraza ? coraza ? FirewallKind.Coraza : FirewallKind.ModSecurity : own.Kind,
        Arguments = said.FirewallArguments ?? own.Arguments,
        Connect = said.FirewallConnect ?? own.Connect,
        Hello = said.FirewallHello ?? own.Hello,
        Idle = said.FirewallIdle ?? own.Idle,
        Processing = said.FirewallProcessing ?? own.Processing,
        Server = said.FirewallServer ?? own.Server,
    };

    /// <summary>The proxy's own number is what its machine can bear.</summary>
    private static int Fewer(int? said, int own) => said is { } number ? own == 0 ? number : Math.Min(number, own) : own;
}
