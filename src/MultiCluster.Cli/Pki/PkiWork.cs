using System.Security.Cryptography.X509Certificates;

namespace MultiCluster.Cli.Pki;

/// <param name="Lines">What was done, and what to do next.</param>
/// <param name="Error">Null: it was done.</param>
internal sealed record PkiOutcome(IReadOnlyList<string> Lines, string? Error)
{
    public static PkiOutcome Done(params IReadOnlyList<string> lines) => new(lines, null);

    public static PkiOutcome Refused(string error) => new([], error);
}

/// <summary>Makes an authority and certificates, and makes them anew.</summary>
internal sealed class PkiWork(PkiFolder folder, DateTimeOffset now)
{
    public PkiOutcome Init(TimeSpan lifetime, bool force)
    {
        folder.Create();
        if (!force && new[] { folder.Authorities, folder.AuthorityKey }.FirstOrDefault(File.Exists) is { } there)
            return PkiOutcome.Refused($"{there} is there: another authority would make all its certificates worthless; \"mcctl pki rotate --authority add\" replaces it in steps, --force at once");
        using var authority = CertificateAuthority.Create(now, lifetime);
        PkiFolder.WriteKey(folder.AuthorityKey, authority.KeyPem, force);
        folder.WriteAuthorities([authority.Certificate], force);
        return PkiOutcome.Done(
            $"{folder.Authorities}: {Described(authority.Certificate)}; for cluster.tls.authority, admin.tls.client-authority and mcctl --ca-file",
            $"{folder.AuthorityKey}: its key; keep it off the machines that only use certificates");
    }

    public PkiOutcome Issue(string name, CertificateProfile profile, TimeSpan lifetime, bool force)
    {
        var (certificate, key) = folder.FilesOf(name);
        if (!force && new[] { certificate, key }.FirstOrDefault(File.Exists) is { } there)
            return PkiOutcome.Refused($"{there} is there: --force writes another one over it");
        if (Signer(folder.AuthorityKey, folder.ReadAuthorities()) is not { } authority)
            return NotOurs(folder.AuthorityKey);
        using (authority)
            folder.Write(name, authority.Issue(profile, now, lifetime), force);
        return PkiOutcome.Done($"{certificate}: {Described(X509Certificate2.CreateFromPem(File.ReadAllText(certificate)))}", $"{key}: its key");
    }

    /// <summary>Those that end soon, for as long again, by the authority that signs now.</summary>
    public PkiOutcome Renew(TimeSpan within)
    {
        var bundle = folder.ReadAuthorities();
        if (Signer(folder.AuthorityKey, bundle) is not { } authority)
            return NotOurs(folder.AuthorityKey);
        using (authority)
        {
            var lines = Reissue(authority, bundle, certificate => new DateTimeOffset(certificate.NotAfter) <= now + within);
            if (new DateTimeOffset(authority.Certificate.NotAfter) <= now + within)
                lines.Add($"the authority itself ends: {Described(authority.Certificate)}; begin with \"mcctl pki rotate --authority add\"");
            return PkiOutcome.Done(lines.Count == 0 ? [$"nothing ends within {within.TotalDays:0} days"] : lines);
        }
    }

    /// <summary>The next authority is believed before it signs anything.</summary>
    public PkiOutcome AddAuthority(TimeSpan lifetime)
    {
        if (File.Exists(folder.NextKey))
            return PkiOutcome.Refused($"{folder.NextKey} is there: a next authority has been added already; go on with --authority use");
        var bundle = folder.ReadAuthorities();
        using var next = CertificateAuthority.Create(now, lifetime);
        PkiFolder.WriteKey(folder.NextKey, next.KeyPem, overwrite: false);
        folder.WriteAuthorities([.. bundle, next.Certificate], overwrite: true);
        return PkiOutcome.Done(
            $"{folder.Authorities}: also {Described(next.Certificate)}",
            "bring this file to all controllers, proxies and callers, then: mcctl pki rotate --authority use");
    }

    /// <summary>Everybody gets a certificate of the next authority; broken off it can be said again, since its key is moved last.</summary>
    public PkiOutcome UseAuthority()
    {
        if (!File.Exists(folder.NextKey))
            return PkiOutcome.Refused($"{folder.NextKey} is not there: begin with --authority add");
        var bundle = folder.ReadAuthorities();
        if (Signer(folder.NextKey, bundle) is not { } next)
            return NotOurs(folder.NextKey);
        using (next)
        {
            var lines = Reissue(next, bundle, static _ => true);
            File.Move(folder.NextKey, folder.AuthorityKey, overwrite: true);
            return PkiOutcome.Done([.. lines, "bring these to their places, then: mcctl pki rotate --authority drop"]);
        }
    }

    /// <summary>Nobody believes the authority before any more.</summary>
    public PkiOutcome DropAuthority()
    {
        if (File.Exists(folder.NextKey))
            return PkiOutcome.Refused($"{folder.NextKey} is there, so the next authority signs nothing yet: --authority use comes first");
        var bundle = folder.ReadAuthorities();
        if (Signer(folder.AuthorityKey, bundle) is not { } authority)
            return NotOurs(folder.AuthorityKey);
        using (authority)
        {
            if (folder.Issued().FirstOrDefault(item => IsSignedBy(bundle, item.Certificate) && !CertificateAuthority.HasSigned(authority.Certificate, item.Certificate)) is { Name: { } left })
                return PkiOutcome.Refused($"{folder.FilesOf(left).Certificate} is signed by an authority that would go: \"mcctl pki issue ... --force\" makes it anew, or take the file away");
            folder.WriteAuthorities([authority.Certificate], overwrite: true);
            return PkiOutcome.Done($"{folder.Authorities}: only {Described(authority.Certificate)}", "bring this file to all controllers, proxies and callers");
        }
    }

    private List<string> Reissue(CertificateAuthority authority, X509Certificate2Collection bundle, Func<X509Certificate2, bool> isDue)
    {
        var lines = new List<string>();
        foreach (var (name, certificate) in folder.Issued())
        {
            var file = folder.FilesOf(name).Certificate;
            if (!IsSignedBy(bundle, certificate))
            {
                lines.Add($"{file}: left alone, since it is of another authority");
            }
            else if (isDue(certificate))
            {
                folder.Write(name, authority.Issue(CertificateProfile.Of(certificate), now, certificate.NotAfter - certificate.NotBefore), overwrite: true);
                lines.Add($"{file}: {Described(X509Certificate2.CreateFromPem(File.ReadAllText(file)))}");
            }
        }

        return lines;
    }

    private static bool IsSignedBy(X509Certificate2Collection bundle, X509Certificate2 certificate) =>
        bundle.Any(authority => CertificateAuthority.HasSigned(authority, certificate));

    private static CertificateAuthority? Signer(string keyFile, X509Certificate2Collection bundle) => CertificateAuthority.Find(File.ReadAllText(keyFile), bundle);

    private PkiOutcome NotOurs(string keyFile) => PkiOutcome.Refused($"{keyFile} is the key of no certificate in {folder.Authorities}: bring both files back from where they were copied");

    private static string Described(X509Certificate2 certificate) => $"{certificate.Subject}, until {certificate.NotAfter.ToUniversalTime():yyyy-MM-dd}";
}
