using MultiCluster.Federation.Text;

namespace MultiCluster.Federation.Backends;

/// <summary>Reads the addresses of one Service in one member, and remembers those that it refused.</summary>
internal sealed class AddressReader(EndpointOptions options)
{
    private readonly SortedSet<string> _unusable = new(StringComparer.Ordinal);
    private readonly SortedSet<string> _loopback = new(StringComparer.Ordinal);

    /// <returns>Canonical text; null when no server may have the address.</returns>
    public string? Read(string text)
    {
        if (IpText.Read(text) is not { } address)
            _unusable.Add(text);
        else if (address.IsLoopback && !options.AllowLoopback)
            _loopback.Add(text);
        else
            return address.Text;
        return null;
    }

    public bool IsPreferred(string canonical) =>
        canonical.Contains(':', StringComparison.Ordinal) == (options.PreferFamily == AddressFamily.IPv6);

    /// <summary>What was refused, for people.</summary>
    public IEnumerable<string> Problems()
    {
        if (_unusable.Count > 0)
            yield return $"{_unusable.Count} endpoint addresses can't be a server's (one is {Shown.Quoted(_unusable.Min!)}) and get no traffic; write unicast IP addresses";
        if (_loopback.Count > 0)
            yield return $"{_loopback.Count} endpoint addresses are of the proxy's own machine (one is {Shown.Quoted(_loopback.Min!)}) and get no traffic; "
                + "write others, or set endpoints.allow-loopback if all who write Services may reach that machine's own ports";
    }
}
