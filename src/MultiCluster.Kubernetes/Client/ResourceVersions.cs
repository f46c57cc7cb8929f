namespace MultiCluster.Kubernetes.Client;

/// <summary>
/// Order of resource versions. Opaque once, they are decimal numbers that grow with each write since KEP-5504; what is no such
/// number has no order.
/// </summary>
internal static class ResourceVersions
{
    /// <summary>Whether <paramref name="version"/> is older than <paramref name="known"/>: the server's data is from before what it told.</summary>
    public static bool IsOlder(string version, string known) =>
        IsNumber(version) && IsNumber(known)
        && (version.Length != known.Length ? version.Length < known.Length : string.CompareOrdinal(version, known) < 0);

    private static bool IsNumber(string version) =>
        version.Length > 0 && version[0] != '0' && !version.AsSpan().ContainsAnyExceptInRange('0', '9');
}
