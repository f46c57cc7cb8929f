using System.Globalization;
using System.Text;
using MultiCluster.HAProxy.Data;
using MultiCluster.HAProxy.Traffic;
using MultiCluster.Model.Policies;

namespace MultiCluster.HAProxy.Program;

/// <summary>Words of a server, the same on the <c>server</c> line and after <c>add server</c>.</summary>
internal static class ServerLines
{
    /// <summary>
    /// Empty for a plain server. A check of a server that was added at run time must be told of TLS and PROXY; one of the start file takes
    /// the words as well. A check without a name would see another certificate than requests, and believe any: measured, HAProxy compares
    /// names only where it has sent one. So what has no name is tried by its connection alone, if not asked by HTTP.
    /// </summary>
    /// <param name="isInFile">There HAProxy checks by TLS whom it speaks TLS to, unless it is told; at run time it takes no such word.</param>
    public static string Options(ServerSpec server, CheckOptions checks, ProgramPaths paths, ProxyFeatures features, bool isInFile)
    {
        var (tls, proxy, variant) = (server.Transport.Tls, server.Transport.ProxyProtocol, server.Variant);
        if (!server.IsChecked && !tls && !proxy && variant is null && server.Number == 0)
            return "";
        var words = new StringBuilder();
        if (server.Number > 0)
            words.Append(features.HashKeys && server.Profile.Balance != BalanceAlgorithm.First ? " hash-key addr-port" : string.Create(CultureInfo.InvariantCulture, $" id {server.Number}"));
        if (variant is not null)
            Limits(words, variant);
        if (server.IsChecked)
            Check(words, checks, variant);
        if (tls)
        {
            // The name of the request is also what the certificate must be for.
            var authorities = server.Transport.VerifyTls ? paths.Full(ProgramPaths.Authorities) : null;
            words.Append(variant?.Tls?.Words(paths, authorities)
                ?? $"{(authorities is null ? " ssl verify none" : $" ssl verify required ca-file {authorities}")} sni req.hdr(host),host_only");
        }

        if (variant?.IsHttp2 == true)
            words.Append(tls ? " alpn h2,http/1.1" : " proto h2");
        if (proxy)
            words.Append(HeaderOf(variant));
        if (server.IsChecked && tls)
            words.Append(CheckByTls(server, isInFile));
        if (server.IsChecked && proxy)
            words.Append(" check-send-proxy");
        return words.ToString();
    }

    private static void Limits(StringBuilder words, PlaceVariant variant)
    {
        if (variant.MaxConnections > 0)
            words.Append(CultureInfo.InvariantCulture, $" maxconn {variant.MaxConnections}");
        if (variant.MaxQueue > 0)
            words.Append(CultureInfo.InvariantCulture, $" maxqueue {variant.MaxQueue}");
    }

    private static void Check(StringBuilder words, CheckOptions checks, PlaceVariant? variant)
    {
        var interval = ProgramRenderer.Milliseconds(variant?.CheckInterval ?? checks.Interval);
        words.Append(CultureInfo.InvariantCulture, $" check inter {interval} fall {variant?.CheckFall ?? checks.Fall} rise {variant?.CheckRise ?? checks.Rise}");
        if (variant?.CheckPort is { } port)
            words.Append(CultureInfo.InvariantCulture, $" port {port}");
        if (variant is { CheckAddress.Length: > 0 })
            words.Append(CultureInfo.InvariantCulture, $" addr {variant.CheckAddress}");
        if (variant?.AgentPort is { } agent)
            Agent(words, agent, variant);
    }

    /// <summary>It says percents of the weight, and of 1 there are none but all.</summary>
    private static void Agent(StringBuilder words, int port, PlaceVariant variant)
    {
        words.Append(CultureInfo.InvariantCulture, $" weight 100 agent-check agent-port {port}");
        if (variant.AgentAddress.Length > 0)
            words.Append(CultureInfo.InvariantCulture, $" agent-addr {variant.AgentAddress}");
        if (variant.AgentInterval is { } interval)
            words.Append(CultureInfo.InvariantCulture, $" agent-inter {ProgramRenderer.Milliseconds(interval)}");
        if (variant.AgentSend.Length > 0)
            words.Append(CultureInfo.InvariantCulture, $" agent-send {variant.AgentSend}");
    }

    private static string CheckByTls(ServerSpec server, bool isInFile)
    {
        var asksHttp = server.Profile.AsksHttp;
        // One that is verified without a name is so by checks too.
        if (server.CheckName.Length == 0 && !asksHttp && server.Variant?.Tls is not { Verifies: true, Sni: SniSource.None })
            return isInFile ? " no-check-ssl" : "";
        var name = server.CheckName.Length > 0 ? $" check-sni {server.CheckName}" : "";
        return $" check-ssl{name}{(asksHttp && server.Variant?.IsHttp2 == true ? " check-alpn h2,http/1.1" : "")}";
    }

    private static string HeaderOf(PlaceVariant? variant) => variant?.ProxyHeader switch
    {
        ProxyHeader.Version1 => " send-proxy",
        ProxyHeader.Version2Tls => " send-proxy-v2-ssl",
        ProxyHeader.Version2TlsName => " send-proxy-v2-ssl-cn",
        _ => " send-proxy-v2",
    };
}
