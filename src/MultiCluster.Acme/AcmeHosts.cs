using System.Net;
using MultiCluster.Model.Collections;
using MultiCluster.Model.Identity;

namespace MultiCluster.Acme;

/// <summary>What an authority can be asked for by http-01: names with a dot, and no wildcards.</summary>
public static class AcmeHosts
{
    /// <summary>What Let's Encrypt takes in one certificate.</summary>
    public const int Most = 100;

    /// <returns>Sorted, each once, in lower case.</returns>
    public static AcmeResult<EquatableArray<string>> Read(IEnumerable<string> hosts)
    {
        var names = hosts.Select(static host => host.ToLowerInvariant()).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal).ToEquatableArray();
        if (names.IsEmpty)
            return new AcmeError(AcmeErrorKind.Invalid, "a certificate needs at least one host");
        if (names.Count > Most)
            return new AcmeError(AcmeErrorKind.Invalid, $"{names.Count} hosts in one certificate, authorities take {Most}; divide them among Secrets");
        foreach (var name in names.Items)
        {
            if (Why(name) is { } reason)
                return new AcmeError(AcmeErrorKind.Invalid, $"{Protocol.AcmeProblem.Shown(name)}: {reason}") { Host = name };
        }

        return names;
    }

    private static string? Why(string name)
    {
        if (name.StartsWith("*.", StringComparison.Ordinal))
            return "authorities give wildcards for dns-01 only, which is not built in; name the hosts, or have cert-manager make this Secret";
        if (!DnsNames.IsSubdomain(name) || IPAddress.TryParse(name, out _))
            return "not a DNS name";
        return name.Contains('.', StringComparison.Ordinal) ? null : "authorities give no certificates for names without a dot";
    }
}
