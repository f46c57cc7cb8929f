using System.Security.Cryptography;
using MultiCluster.HAProxy.Data;
using MultiCluster.Model.Policies;

namespace MultiCluster.HAProxy.Policies;

/// <summary>
/// What a policy comes to in the maps. Its id is a digest of its content: equal policies share their entries, and a changed one is another,
/// whose entries are all there before a route's value names it, so that no request sees half of it.
/// </summary>
/// <param name="Id">32 hexadecimal digits: too many for anybody to find two policies with the same.</param>
/// <param name="Flags">A letter for each kind of rule that the policy has, which the program looks for; never empty.</param>
/// <param name="Entries">Every key begins with the id, those of expressions after their first ^.</param>
public sealed record PolicyData(string Id, string Flags, IReadOnlyDictionary<MapKey, string> Entries)
{
    public const int IdLength = 32;

    /// <summary>What can't be written, in words. Where it guards access, the policy lets in nobody.</summary>
    public IReadOnlyList<string> Refused { get; init; } = [];

    public static PolicyData Of(RoutePolicy policy)
    {
        // It makes the place, not the rules.
        policy = policy.WithoutBackend();
        var writer = new PolicyWriter(Convert.ToHexStringLower(SHA256.HashData(PolicyJson.Write(policy)))[..IdLength]);
        if (policy.Closed)
            writer.Close();
        AccessData.Write(writer, policy);
        if (policy.ExternalAuthentication is { } external)
            ExternalData.Write(writer, external);
        if (policy.Token is { } token)
            TokenData.Write(writer, token);
        if (policy.ClientCertificates is { } certificates)
            CertificateData.Write(writer, certificates);
        AccessData.WriteAny(writer, policy);
        if (policy.Firewall is { } firewall)
            writer.Flag(firewall == FirewallMode.Deny ? PolicyFlags.Firewall : PolicyFlags.FirewallDetects);
        LimitData.Write(writer, policy);
        RedirectData.Write(writer, policy);
        FixedAnswerData.Write(writer, policy);
        if (policy.Cors is { } cors)
            CorsData.Write(writer, cors);
        HeaderData.Write(writer, policy);
        RewriteData.Write(writer, policy.Rewrites);
        UpstreamData.Write(writer, policy);
        if (policy.Mirror is { } mirror)
            MirrorData.Write(writer, mirror);
        if (policy.Capture is { } capture)
            CaptureData.Write(writer, capture);
        ErrorPageData.Write(writer, policy.ErrorPages);
        return writer.ToData();
    }

    /// <summary>The policy that an entry belongs to.</summary>
    public static ReadOnlySpan<char> IdOf(MapKey entry)
    {
        var key = entry.Key.AsSpan();
        if (RouteMaps.IsPatterns(entry.Map) && key.IndexOf('^') is >= 0 and var start)
            key = key[(start + 1)..];
        return key.Length < IdLength ? "" : key[..IdLength];
    }
}
