using System.Buffers.Text;
using System.Globalization;
using System.Text;
using MultiCluster.HAProxy.Data;
using MultiCluster.HAProxy.Policies;
using MultiCluster.HAProxy.Program;
using MultiCluster.Model.Policies;

namespace MultiCluster.HAProxy.Traffic;

/// <summary>
/// TLS with servers of a place, as a word of its real name: <c>tls:FLAGS:CA:CRL:CERTIFICATE:NAME:VERIFIED:CIPHERS:SUITES:VERSIONS</c>. Certificates are
/// named by digests; their files are there before a server, and go after it.
/// </summary>
/// <param name="Authorities">Digest of the file; empty: none. So are the next two.</param>
/// <param name="Versions">Such as <c>TLSv1.2-TLSv1.3</c>, of which either may be empty; empty for both.</param>
public sealed record PlaceTls(
    bool IsClosed, string Authorities, string Revoked, string Identity, SniSource Sni, string Name, string VerifiedName, string Ciphers, string CipherSuites, string Versions)
{
    public const string Word = "tls";

    private const char Closed = 'x';

    private static readonly (SniSource Source, char Letter)[] Sources = [(SniSource.Host, 'h'), (SniSource.Client, 'c'), (SniSource.Name, 'n')];

    public bool Verifies => Authorities.Length > 0;

    public IEnumerable<string> Files => new[]
    {
        Authorities.Length > 0 ? ServerFiles.AuthoritiesFile(Authorities) : "", Revoked.Length > 0 ? ServerFiles.RevokedFile(Revoked) : "",
        Identity.Length > 0 ? $"{ServerFiles.IdentityPrefix}{Identity}{ServerFiles.Suffix}" : "",
    }.Where(static file => file.Length > 0);

    /// <summary>What a check asks for, and finds in the certificate; empty: no name.</summary>
    public string CheckName => Sni == SniSource.Name ? Name : "";

    public static PlaceTls? Of(ServerTls? tls)
    {
        if (tls is null)
            return null;
        var files = ServerFiles.Of(tls);
        return new PlaceTls(
            tls.IsClosed || files.IsBad,
            DigestOf(files.Authorities?.FileName),
            DigestOf(files.Revoked?.FileName),
            files.Identity?.FileName is { } identity ? identity[ServerFiles.IdentityPrefix.Length..^ServerFiles.Suffix.Length] : "",
            tls.Sni,
            tls.Sni == SniSource.Name ? tls.Name ?? "" : "",
            tls.VerifiedName ?? "",
            tls.Ciphers ?? "",
            tls.CipherSuites ?? "",
            tls.MinVersion is null && tls.MaxVersion is null ? "" : $"{tls.MinVersion}-{tls.MaxVersion}");
    }

    public static string Write(PlaceTls tls)
    {
        var flags = new StringBuilder();
        if (tls.IsClosed)
            flags.Append(Closed);
        if (tls.Sni != SniSource.None)
            flags.Append(Array.Find(Sources, item => item.Source == tls.Sni).Letter);
        return string.Join(':', flags, tls.Authorities, tls.Revoked, tls.Identity, tls.Name, tls.VerifiedName, PolicyWriter.Text(tls.Ciphers), PolicyWriter.Text(tls.CipherSuites), tls.Versions);
    }

    /// <returns>Null for what <see cref="Write"/> has not written.</returns>
    public static PlaceTls? Parse(string text)
    {
        if (text.Split(':') is not [var flags, var authorities, var revoked, var identity, var name, var verified, var ciphers, var suites, var versions])
            return null;
        var isWhole = IsDigest(authorities) && IsDigest(revoked) && IsDigest(identity) && IsName(name) && IsName(verified)
            && Decode(ciphers) is { } words && IsCiphers(words) && Decode(suites) is { } names && IsCiphers(names) && AreVersions(versions);
        return isWhole
            ? new PlaceTls(
                flags.Contains(Closed, StringComparison.Ordinal), authorities, revoked, identity,
                Array.Find(Sources, item => flags.Contains(item.Letter, StringComparison.Ordinal)).Source, name, verified, Decode(ciphers)!, Decode(suites)!, versions)
            : null;
    }

    /// <summary>Words of a server, each with a blank before it.</summary>
    /// <param name="authorities">The program's, where an operator wants servers verified and the place names nobody; null: nobody is wanted.</param>
    public string Words(ProgramPaths paths, string? authorities)
    {
        var words = new StringBuilder(" ssl");
        var file = Verifies ? paths.Full(ServerFiles.AuthoritiesFile(Authorities)) : authorities;
        words.Append(file is null ? " verify none" : $" verify required ca-file {file}");
        if (Revoked.Length > 0)
            words.Append(" crl-file ").Append(paths.Full(ServerFiles.RevokedFile(Revoked)));
        if (Identity.Length > 0)
            words.Append(" crt ").Append(paths.Full($"{ServerFiles.IdentityPrefix}{Identity}{ServerFiles.Suffix}"));
        words.Append(Sni switch
        {
            SniSource.Host => " sni req.hdr(host),host_only",
            SniSource.Client => " sni ssl_fc_sni",
            SniSource.Name => $" sni str({Name})",
            // Whom an operator wants verified is verified by name too; else nothing is found, since later versions send a name of their own accord where no expression is.
            _ => !Verifies && authorities is not null ? " sni req.hdr(host),host_only" : " sni var(txn.none)",
        });
        if (VerifiedName.Length > 0 && file is not null)
            words.Append(" verifyhost ").Append(VerifiedName);
        if (Ciphers.Length > 0)
            words.Append(" ciphers ").Append(Ciphers);
        if (CipherSuites.Length > 0)
            words.Append(" ciphersuites ").Append(CipherSuites);
        if (Versions.Length > 0)
        {
            var (least, most) = (Versions[..Versions.IndexOf('-', StringComparison.Ordinal)], Versions[(Versions.IndexOf('-', StringComparison.Ordinal) + 1)..]);
            words.Append(least.Length > 0 ? $" ssl-min-ver {least}" : "").Append(most.Length > 0 ? $" ssl-max-ver {most}" : "");
        }

        return words.ToString();
    }

    private static string DigestOf(string? file) => file is null ? "" : file[(file.LastIndexOf('-') + 1)..^ServerFiles.Suffix.Length];

    private static bool IsDigest(string text) => text.Length is 0 or 32 && text.All(char.IsAsciiHexDigitLower);

    private static bool IsName(string text) => text.Length == 0 || HashKey.IsName(text);

    private static bool IsCiphers(string text) => text.Length == 0 || ServerTls.IsCiphers(text);

    private static bool AreVersions(string text) => text.Length == 0
        || (text.Split('-') is [var least, var most] && (least.Length == 0 || ServerTls.Versions.Contains(least, StringComparer.Ordinal)) && (most.Length == 0 || ServerTls.Versions.Contains(most, StringComparer.Ordinal)));

    private static string? Decode(string text) => Base64Url.IsValid(text) ? Encoding.ASCII.GetString(Base64Url.DecodeFromChars(text)) : null;
}
