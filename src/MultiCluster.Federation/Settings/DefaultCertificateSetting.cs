using MultiCluster.Model.Identity;

namespace MultiCluster.Federation.Settings;

/// <summary>The setting that names the Secret of the certificate which names get that no other covers.</summary>
public static class DefaultCertificateSetting
{
    public const string Name = "haproxy.org/ssl-certificate";

    /// <param name="space">Of a Secret that is named without its namespace; null: it must be named with it.</param>
    /// <returns>Null for what names none.</returns>
    public static ObjectKey? Read(string value, string? space) => value.Trim().Split('/') switch
    {
        [var name] when space is not null && DnsNames.IsSubdomain(name) => new ObjectKey(space, name),
        [var own, var name] when DnsNames.IsLabel(own) && DnsNames.IsSubdomain(name) => new ObjectKey(own, name),
        _ => null,
    };
}
