using System.Net;
using System.Net.Sockets;

namespace MultiCluster.Controller.Entities;

/// <summary>DNS for ExternalName Services: HAProxy can't resolve names of servers that are added at run time.</summary>
public interface IHostResolver
{
    /// <summary>Empty or an exception: unknown, so the last addresses stay.</summary>
    Task<IReadOnlyList<string>> ResolveAsync(string name, CancellationToken cancellationToken);
}

/// <summary>The machine's own resolver.</summary>
public sealed class SystemHostResolver : IHostResolver
{
    public async Task<IReadOnlyList<string>> ResolveAsync(string name, CancellationToken cancellationToken)
    {
        var addresses = await Dns.GetHostAddressesAsync(name, cancellationToken);
        return
        [
            .. addresses
                .Where(static address => address.AddressFamily is AddressFamily.InterNetwork or AddressFamily.InterNetworkV6)
                .Select(static address => address.ToString())
                .Order(StringComparer.Ordinal),
        ];
    }
}
