using System.Globalization;
using System.Text;
using MultiCluster.HAProxy.Data;

namespace MultiCluster.HAProxy.Program;

/// <summary>Words of a server, the same on the <c>server</c> line and after <c>add server</c>.</summary>
internal static class ServerLines
{
    /// <summary>
    /// Empty for a plain server. A check of a server that was added at run time must be told of TLS and PROXY; one of the start file takes
    /// the words as well. A check without a name would see another certificate than requests, and believe any: measured, HAProxy compares
    /// names only where it has sent one. So what has no name is tried by its connection alone.
    /// </summary>
    /// <param name="isInFile">There HAProxy checks by TLS whom it speaks TLS to, unless it is told; at run time it takes no such word.</param>
    public static string Options(ServerSpec server, CheckOptions checks, ProgramPaths paths, bool isInFile)
    {
        var (tls, proxy) = (server.Transport.Tls, server.Transport.ProxyProtocol);
        if (!server.IsChecked && !tls && !proxy)
            return "";
        var words = new StringBuilder();
        if (server.IsChecked)
            words.Append(CultureInfo.InvariantCulture, $" check inter {ProgramRenderer.Milliseconds(checks.Interval)} fall {checks.Fall} rise {checks.Rise}");
        if (tls)
        {
            // The name of the request is also what the certificate must be for.
            words.Append(server.Transport.VerifyTls ? $" ssl verify required ca-file {paths.Full(ProgramPaths.Authorities)}" : " ssl verify none");
            words.Append(" sni req.hdr(host),host_only");
        }

        if (proxy)
            words.Append(" send-proxy-v2");
        if (server.IsChecked && tls && (server.CheckName.Length > 0 || isInFile))
            words.Append(server.CheckName.Length > 0 ? $" check-ssl check-sni {server.CheckName}" : " no-check-ssl");
        if (server.IsChecked && proxy)
            words.Append(" check-send-proxy");
        return words.ToString();
    }
}
