using MultiCluster.Model.Identity;

namespace MultiCluster.Federation.Text;

/// <summary>An address of a proxy, as it is written to the status of objects, where API servers check it.</summary>
public static class PublishedAddress
{
    /// <returns>Canonical: RFC 5952 for IPv6, lower case for names. Null for what is no IP address that others can reach and no DNS name.</returns>
    public static string? Read(string text)
    {
        if (IpText.Read(text) is { } address)
            return address.Text;
        var name = text.ToLowerInvariant();
        return DnsNames.IsSubdomain(name) && !IsNumber(name.AsSpan(name.LastIndexOf('.') + 1)) ? name : null;
    }

    /// <summary>There is no such top-level domain: it is an IP address with a slip in it.</summary>
    private static bool IsNumber(ReadOnlySpan<char> label) => !label.ContainsAnyExceptInRange('0', '9');
}
