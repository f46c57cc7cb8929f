using System.Security.Cryptography;
using System.Text;
using MultiCluster.Model.Identity;

namespace MultiCluster.Controller.Leases;

/// <summary>
/// Object names of record keys: the key behind the cluster's name and a dot (a cluster's name has none, so no two clusters meet) where
/// that is a DNS-1123 subdomain, as for every key that the cluster makes of well-formed node names; otherwise a hash, and the key is only in an annotation.
/// </summary>
internal static class LeaseNames
{
    private const string HashMark = "x--";

    /// <summary>240 bits, which fill a DNS label in hexadecimal.</summary>
    private const int HashBytes = 30;

    public static string Of(string cluster, string key)
    {
        var plain = $"{cluster}.{key}";
        if (!key.StartsWith(HashMark, StringComparison.Ordinal) && DnsNames.IsSubdomain(plain))
            return plain;
        var hash = SHA256.HashData(Encoding.UTF8.GetBytes(key));
        return $"{cluster}.{HashMark}{Convert.ToHexStringLower(hash.AsSpan(0, HashBytes))}";
    }

    /// <param name="annotated">The key that an annotation of the object claims; believed only if it gives this name.</param>
    /// <returns>Null when the name is none of this cluster's, or a hash whose key is lost.</returns>
    public static string? KeyOf(string cluster, string name, string? annotated)
    {
        if (annotated is not null && Of(cluster, annotated) == name)
            return annotated;
        if (name.Length <= cluster.Length + 1 || !name.StartsWith(cluster, StringComparison.Ordinal) || name[cluster.Length] != '.')
            return null;
        var key = name[(cluster.Length + 1)..];
        return key.StartsWith(HashMark, StringComparison.Ordinal) ? null : key;
    }
}
