using System.Text;
using MultiCluster.Model.Identity;

namespace MultiCluster.Federation.Text;

/// <summary>Host names as Ingress rules take them.</summary>
internal static class HostNames
{
    public const string WildcardPrefix = "*.";

    /// <summary>Lower case; null when it is neither a DNS name nor one with a wildcard as its whole first label.</summary>
    public static string? Normalise(string? host) => host is not null && Problem(host) is null ? Lower(host) : null;

    /// <summary>What is wrong with it and the fix; null when it is right.</summary>
    public static string? Problem(string host)
    {
        if (host.Length > DnsNames.MaxSubdomainLength)
            return $"has {host.Length} characters; a host has at most {DnsNames.MaxSubdomainLength}";
        var lower = Lower(host);
        if (IpText.IsIPv4(lower) || IpText.IsIPv6(lower))
            return "is an IP address; write a DNS name, or leave the host out to match every host";
        var wildcard = lower.StartsWith(WildcardPrefix, StringComparison.Ordinal);
        if (DnsNames.IsSubdomain(wildcard ? lower[WildcardPrefix.Length..] : lower))
            return null;
        return lower.Contains('*')
            ? "has a wildcard that isn't its whole first label; write it as *.example.com"
            : "is no DNS name; use letters, digits, '-' and '.', each label beginning and ending with a letter or digit";
    }

    /// <summary>ASCII only: U+212A, the Kelvin sign, must not become a k.</summary>
    public static string Lower(string text) => Ascii.IsValid(text) ? text.ToLowerInvariant() : text;

    /// <summary>The wildcard that matches <paramref name="host"/>, which must have more than one label; null when there is none.</summary>
    public static string? WildcardFor(string host)
    {
        var dot = host.IndexOf('.');
        return dot > 0 && dot < host.Length - 1 && host[0] != '*' ? string.Concat("*", host.AsSpan(dot)) : null;
    }
}
