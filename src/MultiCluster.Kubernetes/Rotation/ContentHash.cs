using System.Security.Cryptography;
using System.Text;
using MultiCluster.Kubernetes.Client;

namespace MultiCluster.Kubernetes.Rotation;

/// <summary>Whether something has changed, without keeping what it was. Hashes of credentials are not for logs.</summary>
internal static class ContentHash
{
    public static string Of(IReadOnlyList<string> files)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var file in files)
        {
            try
            {
                var bytes = File.ReadAllBytes(file);
                Append(hash, bytes);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                Append(hash, Encoding.UTF8.GetBytes(e.GetType().Name));
            }
        }

        return Convert.ToHexString(hash.GetHashAndReset());
    }

    /// <summary>Of all that connections are made of.</summary>
    /// <param name="resolved">Without files and programs.</param>
    public static string Of(KubeConfig resolved)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Append(hash, Encoding.UTF8.GetBytes($"{resolved.Server}\n{resolved.TlsServerName}\n{resolved.ProxyUrl}\n{resolved.InsecureSkipTlsVerify}"));
        foreach (var authority in resolved.CertificateAuthorities)
            Append(hash, authority.RawData);
        Append(hash, resolved.ClientCertificate?.RawData ?? []);
        Append(hash, resolved.Token is { } token ? token.Reveal().Span : []);
        return Convert.ToHexString(hash.GetHashAndReset());
    }

    private static void Append(IncrementalHash hash, ReadOnlySpan<byte> part)
    {
        Span<byte> length = stackalloc byte[sizeof(int)];
        System.Buffers.Binary.BinaryPrimitives.WriteInt32LittleEndian(length, part.Length);
        hash.AppendData(length);
        hash.AppendData(part);
    }
}
