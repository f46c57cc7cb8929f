using System.Text.RegularExpressions;
using MultiCluster.HAProxy.Program;

namespace MultiCluster.Controller.Proxies;

/// <summary>What HAProxy says when it can't listen somewhere, such as
/// <c>Binding [haproxy.cfg:9] for frontend tcp-9000: protocol tcpv4: cannot bind socket (Address already in use) for [0.0.0.0:9000].</c>
/// </summary>
internal static partial class UnboundPorts
{
    /// <returns>Reasons by port of a TCP service; nothing else of the program can be left out.</returns>
    public static IReadOnlyDictionary<int, string> In(string words)
    {
        var ports = new SortedDictionary<int, string>();
        foreach (Match match in Complaint().Matches(words))
        {
            if (TcpPort.Parse(match.Groups["frontend"].Value) is { } port)
                ports.TryAdd(port.Port, match.Groups["reason"].Value);
        }

        return ports;
    }

    [GeneratedRegex(@"for frontend (?<frontend>tcp-[0-9a-z-]+): (?:protocol \w+: )?(?<reason>[^;\n]*? for \[[^\]\n]*\])", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Complaint();
}
