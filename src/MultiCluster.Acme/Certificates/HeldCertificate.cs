using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using MultiCluster.Acme.Renewal;
using MultiCluster.Model.Collections;
using MultiCluster.Model.Resources;

namespace MultiCluster.Acme.Certificates;

/// <summary>What a Secret holds now, whoever made it.</summary>
/// <param name="Hosts">Its alternative names, in lower case.</param>
public sealed record HeldCertificate(Life Life, EquatableArray<string> Hosts)
{
    /// <returns>Null: nothing that could serve.</returns>
    public static HeldCertificate? Read(TlsSecretResource secret)
    {
        try
        {
            using var pair = X509Certificate2.CreateFromPem(Text(secret.CertificatePem), Text(secret.PrivateKeyPem));
            var names = pair.Extensions.OfType<X509SubjectAlternativeNameExtension>().SelectMany(static extension => extension.EnumerateDnsNames())
                .Select(static name => name.ToLowerInvariant()).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal);
            return new HeldCertificate(new Life(Time(pair.NotBefore), Time(pair.NotAfter)), names.ToEquatableArray());
        }
        catch (Exception error) when (error is CryptographicException or ArgumentException)
        {
            return null;
        }
    }

    /// <summary>Names by themselves: a wildcard proves no host that an authority was asked for.</summary>
    public bool Covers(HostSet hosts) => hosts.Hosts.Items.All(host => Hosts.Items.Contains(host));

    private static string Text(Model.Security.Secret secret) => Encoding.ASCII.GetString(secret.Reveal().Span);

    private static DateTimeOffset Time(DateTime local) => new(local.ToUniversalTime(), TimeSpan.Zero);
}
