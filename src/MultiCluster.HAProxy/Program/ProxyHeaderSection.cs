using System.Globalization;
using System.Text;

namespace MultiCluster.HAProxy.Program;

/// <summary>Clients, such as load balancers, that tell whom they speak for in a PROXY header.</summary>
internal static class ProxyHeaderSection
{
    public static void Append(StringBuilder text, ProgramOptions options)
    {
        if (options.ProxyProtocol.IsEmpty)
            return;
        var sources = options.ProxyProtocol.Contains("") ? "" : $" if {{ src {string.Join(' ', options.ProxyProtocol)} }}";
        text.Append(CultureInfo.InvariantCulture, $"    tcp-request connection expect-proxy layer4{sources}\n");
    }
}
