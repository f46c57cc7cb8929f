using System.Security.Cryptography;
using System.Text;

namespace MultiCluster.HAProxy.Policies;

/// <summary>As HAProxy's converters write them.</summary>
internal static class Digests
{
    public static string Sha256(string text) => Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(text)));
}
