using System.Net;

namespace MultiCluster.Kubernetes.Client;

/// <summary>User and password in addresses (https://user:password@host), which must get into no message.</summary>
internal static class UserInfo
{
    private const string Hidden = "***";

    /// <summary>Of what was written as an address and may be none. A password may hold any character, so all before the last @ goes.</summary>
    public static string Hide(string text)
    {
        var end = text.LastIndexOf('@');
        if (end < 0)
            return text;
        var scheme = text.IndexOf("://", StringComparison.Ordinal);
        var start = scheme >= 0 && scheme < end ? scheme + 3 : 0;
        return string.Concat(text.AsSpan(0, start), Hidden, text.AsSpan(end));
    }

    /// <summary>The address without them.</summary>
    public static Uri Without(Uri address) =>
        address.UserInfo.Length == 0 ? address : new UriBuilder(address) { UserName = "", Password = "" }.Uri;

    /// <summary>Null when there are none.</summary>
    public static NetworkCredential? Of(Uri address)
    {
        if (address.UserInfo.Length == 0)
            return null;
        var parts = address.UserInfo.Split(':', 2);
        return new NetworkCredential(Uri.UnescapeDataString(parts[0]), parts.Length > 1 ? Uri.UnescapeDataString(parts[1]) : "");
    }
}
