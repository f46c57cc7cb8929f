using System.Buffers;
using System.Security.Cryptography;
using System.Text;
using MultiCluster.HAProxy.Policies;
using MultiCluster.HAProxy.Program;
using MultiCluster.Model.Policies;

namespace MultiCluster.HAProxy.Data;

/// <summary>
/// How TLS is spoken with clients of a host, as options of its lines in the certificate list. A client's certificate is asked for and never
/// demanded: the route's own rules refuse whom they have to, in words, and only where they hold.
/// </summary>
/// <param name="Trust">Id of who is believed, for the map that the rules look at; null: nobody is asked for a certificate.</param>
/// <param name="Words">Options besides.</param>
public sealed record Handshake(string? Trust, TrustFile? Authorities, TrustFile? Revoked, string Words)
{
    private const int MaxWord = 1024;

    private static readonly SearchValues<char> CipherCharacters =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_+!:@=");

    private static readonly string[] Versions = ["TLSv1.0", "TLSv1.1", "TLSv1.2", "TLSv1.3"];

    /// <summary>Differs where anything of it does, in hexadecimal.</summary>
    public string Digest { get; } = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{Authorities?.FileName}\n{Revoked?.FileName}\n{Words}")))[..16];

    public IEnumerable<TrustFile> Files => new[] { Authorities, Revoked }.OfType<TrustFile>();

    /// <summary>Null for a host whose connections are as all are.</summary>
    public static Handshake? Of(ClientCertificates? certificates, HostTls? tls)
    {
        var (authorities, revoked) = certificates is null ? default : FilesOf(certificates.Authorities);
        var words = WordsOf(tls);
        return authorities is null && words.Length == 0
            ? null
            : new Handshake(authorities is null ? null : TrustOf(certificates!.Authorities), authorities, revoked, words);
    }

    /// <summary>Null when HAProxy can be given them, else why not.</summary>
    public static string? Refuse(ClientAuthorities authorities)
    {
        var (certificates, revoked) = FilesOf(authorities);
        if (certificates is null)
            return $"certificates of authorities have to be PEM of at most {TrustFile.MaxLength} bytes";
        return revoked is null && authorities.Revoked.Length > 0 ? $"revocation lists have to be PEM of at most {TrustFile.MaxLength} bytes" : null;
    }

    /// <summary>
    /// Id of who is believed, and who not any more: a certificate that was good by other authorities or before another list has to be shown again.
    /// </summary>
    public static string TrustOf(ClientAuthorities authorities) => Digests.Sha256($"{authorities.Name}\n{authorities.Certificates}\n{RevokedSerials.Of(authorities.Revoked)}")[..32];

    /// <summary>Options in the certificate list, with a blank before them; empty for none.</summary>
    public string Options(ProgramPaths paths)
    {
        var text = new StringBuilder();
        if (Authorities is { } authorities)
            text.Append(" verify optional ca-file ").Append(paths.Full(authorities.FileName));
        if (Revoked is { } revoked)
            text.Append(" crl-file ").Append(paths.Full(revoked.FileName));
        text.Append(Words);
        return $" [{text.ToString().TrimStart()}]";
    }

    private static (TrustFile? Authorities, TrustFile? Revoked) FilesOf(ClientAuthorities authorities)
    {
        var certificates = TrustFile.Create(TrustKind.Authorities, authorities.Certificates);
        if (authorities.Revoked.Length == 0)
            return (certificates, null);
        // Without its list nobody is to be believed.
        return TrustFile.Create(TrustKind.Revocations, authorities.Revoked) is { } revoked ? (certificates, revoked) : default;
    }

    private static string WordsOf(HostTls? tls)
    {
        var text = new StringBuilder();
        Append("alpn", tls?.Protocols, static value => value.Length <= MaxWord && SafeText.IsValue(value));
        Append("ciphers", tls?.Ciphers, IsCiphers);
        Append("ciphersuites", tls?.CipherSuites, IsCiphers);
        Append("ssl-min-ver", tls?.MinVersion, IsVersion);
        Append("ssl-max-ver", tls?.MaxVersion, IsVersion);
        return text.ToString();

        void Append(string word, string? value, Func<string, bool> isRight)
        {
            if (value is { Length: > 0 } && isRight(value))
                text.Append(' ').Append(word).Append(' ').Append(value);
        }
    }

    private static bool IsCiphers(string value) => value.Length <= MaxWord && !value.AsSpan().ContainsAnyExcept(CipherCharacters);

    private static bool IsVersion(string value) => Versions.Contains(value, StringComparer.Ordinal);
}
