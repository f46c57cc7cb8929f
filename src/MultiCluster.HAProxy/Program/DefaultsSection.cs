using System.Globalization;
using System.Text;
using MultiCluster.HAProxy.Planning;
using MultiCluster.HAProxy.Traffic;
using MultiCluster.Model.Policies;

namespace MultiCluster.HAProxy.Program;

internal static class DefaultsSection
{
    public static void Append(StringBuilder text, ProgramOptions options, ProgramPaths paths)
    {
        var t = options.Timeouts;
        text.Append(CultureInfo.InvariantCulture, $"""

            defaults base
                mode http
                timeout connect {ProgramRenderer.Milliseconds(t.Connect)}
                timeout client {ProgramRenderer.Milliseconds(t.Client)}
                timeout server {ProgramRenderer.Milliseconds(t.Server)}
                timeout http-request {ProgramRenderer.Milliseconds(t.HttpRequest)}
                timeout http-keep-alive {ProgramRenderer.Milliseconds(t.KeepAlive)}
                timeout queue {ProgramRenderer.Milliseconds(t.Queue)}
                timeout tunnel {ProgramRenderer.Milliseconds(t.Tunnel)}
                # A pod that is gone but not yet reported: try another at once.
                retries 3
                option redispatch 1
                # An idle client is told to reconnect with its next answer instead of being cut at a reload.
                option idle-close-on-response
                # What nobody waits for any more must not reach a pod that others wait for. HAProxy 3.3 and newer do so by themselves.
                option abortonclose

            """);
        if (t.ClientFin is { } fin)
            text.Append(CultureInfo.InvariantCulture, $"    timeout client-fin {ProgramRenderer.Milliseconds(fin)}\n");
        if (options.Connections != ConnectionHandling.Keep)
            text.Append(CultureInfo.InvariantCulture, $"    option {(options.Connections == ConnectionHandling.Close ? "httpclose" : "http-server-close")}\n");
        ErrorPageSection.AppendOwn(text, paths);
        TcpSection.AppendDefaults(text, options);
        foreach (var profile in BackendProfile.All)
            Profile(text, options, paths, profile);
    }

    private static string BalanceOf(BackendProfile profile) => profile.Balance switch
    {
        BalanceAlgorithm.LeastConnections => "leastconn",
        BalanceAlgorithm.First => "first",
        BalanceAlgorithm.Random => "random(2)",
        BalanceAlgorithm.Hash => "hash var(txn.balance_key)",
        _ => "roundrobin",
    };

    /// <summary>What the backends of a profile are made from.</summary>
    private static void Profile(StringBuilder text, ProgramOptions options, ProgramPaths paths, BackendProfile profile)
    {
        text.Append(CultureInfo.InvariantCulture, $"""

            defaults {profile.Defaults} from {(profile.IsTcp ? TcpSection.Base : "base")}
                balance {BalanceOf(profile)}
                # Of servers in this file; those added at run time take nothing from here. Said once it makes a fresh start a quarter shorter.
                default-server {Commands.ServerParameters}

            """);
        if (profile.IsTcp)
            return;
        if (profile.AsksHttp)
        {
            text.Append(CultureInfo.InvariantCulture, $$"""
                    # What is asked for is the end of the place's real name.
                    option httpchk
                    http-check send meth GET uri-lf %[be_name,map_str({{paths.Full(ProgramPaths.BackendMap)}}),field(2,{{PlaceVariant.PathMark}}),regsub(~,%,g),url_dec]

                """);
        }

        if (profile.Balance == BalanceAlgorithm.Hash)
            HashSection.Append(text, paths);
        if (profile.BindsSessions)
            SessionSection.Append(text, options, paths);
        ChangeSection.Append(text, options, paths);
    }
}
