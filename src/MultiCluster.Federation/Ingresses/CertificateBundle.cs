using System.Security.Cryptography;
using System.Text;
using MultiCluster.Federation.Tls;
using MultiCluster.Model.Collections;
using MultiCluster.Model.Routing;

namespace MultiCluster.Federation.Ingresses;

/// <summary>Certificates of one host with keys of several kinds, which one copy names, as one.</summary>
internal static class CertificateBundle
{
    /// <summary>Only those that are valid now are served beside another.</summary>
    public static IReadOnlyList<TlsClaim> Join(List<(TlsClaim Claim, KeyKind Kind)> claims, DateTimeOffset now)
    {
        if (!claims.Exists(claim => claim.Kind != claims[0].Kind))
            return claims.ConvertAll(static item => item.Claim);
        var joined = new List<TlsClaim>(claims.Count);
        foreach (var host in claims.GroupBy(static item => item.Claim.Host, StringComparer.Ordinal))
        {
            var parts = host.Where(item => item.Claim.Certificate.IsValidAt(now)).DistinctBy(static item => item.Kind).Select(static item => item.Claim).ToList();
            if (parts.Count > 1)
                joined.Add(Join(parts));
            joined.AddRange(host.Select(static item => item.Claim).Where(claim => parts.Count < 2 || !parts.Contains(claim)));
        }

        return joined;
    }

    /// <summary>Fingerprints are those of the whole: whatever of it changes is another one, and its parts share no file with others.</summary>
    private static TlsClaim Join(List<TlsClaim> parts)
    {
        var whole = string.Join(' ', parts.Select(static part => part.Certificate.Fingerprint));
        var first = parts[0].Certificate with
        {
            Fingerprint = Digest(whole),
            Others = parts.Skip(1).Select((part, i) => part.Certificate with { Fingerprint = Digest($"{i} {whole}") }).ToEquatableArray(),
        };
        return parts[0] with { Certificate = first, SecretName = string.Join(", ", parts.Select(static part => part.SecretName).Distinct(StringComparer.Ordinal)) };
    }

    private static string Digest(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));
}
