using System.Globalization;
using System.Net;
using MultiCluster.Model.Routing;

namespace MultiCluster.HAProxy.Data;

/// <summary>A server that a backend should hold.</summary>
/// <param name="Address">Canonical IP address.</param>
public readonly record struct ServerSpec(string Name, string Address, int Port)
{
    /// <summary>As <c>add server</c> and the <c>server</c> line take it; HAProxy wants brackets round IPv6 when a port follows.</summary>
    public string Endpoint => Address.Contains(':', StringComparison.Ordinal)
        ? string.Create(CultureInfo.InvariantCulture, $"[{Address}]:{Port}")
        : string.Create(CultureInfo.InvariantCulture, $"{Address}:{Port}");
}

/// <summary>Which servers a backend should hold: those of the members that declare the path, at the port they mean by it.</summary>
public static class ServerSets
{
    public static Dictionary<string, ServerSpec> For(BackendKey key, Fragment.Backend? backend)
    {
        var servers = new Dictionary<string, ServerSpec>(StringComparer.Ordinal);
        if (backend is null)
            return servers;
        foreach (var member in backend.Members)
        {
            if (!key.Members.Items.Contains(member.Member) || member.Find(key.Ref.Port) is not { } port)
                continue;
            foreach (var endpoint in port.Endpoints)
            {
                var number = endpoint.Port == 0 ? key.Ref.Port.Number : endpoint.Port;
                var spec = new ServerSpec(BackendNames.Server(member.Member, endpoint, number), endpoint.Address, number);
                if (number is > 0 and <= 65535 && IsAddress(endpoint.Address) && SafeText.IsName(spec.Name))
                    servers[spec.Name] = spec;
            }
        }

        return servers;
    }

    /// <summary>
    /// As HAProxy reads it too: 010.0.0.7 is octal to .NET, and what is no address HAProxy registers as a host name that it
    /// never resolves.
    /// </summary>
    private static bool IsAddress(string text) =>
        IPAddress.TryParse(text, out var address)
        && (text.Contains(':', StringComparison.Ordinal) || string.Equals(address.ToString(), text, StringComparison.Ordinal));
}
