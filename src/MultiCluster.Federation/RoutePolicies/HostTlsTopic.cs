using MultiCluster.Federation.Text;
using MultiCluster.Model.Policies;

namespace MultiCluster.Federation.RoutePolicies;

/// <summary>How TLS is spoken with clients of a host: protocols, ciphers, versions. A bad value leaves that part as it is for all.</summary>
internal static class HostTlsTopic
{
    private const int MaxText = 1024;
    private static readonly string[] Protocols = ["h2", "http/1.1", "http/1.0"];

    /// <summary>From the oldest on, with the words by which ssl-options leave them out.</summary>
    private static readonly (string Word, string Version)[] Versions = [("no-tlsv10", "TLSv1.0"), ("no-tlsv11", "TLSv1.1"), ("no-tlsv12", "TLSv1.2"), ("no-tlsv13", "TLSv1.3")];

    public static RoutePolicy? Community(FamilyAnnotations annotations, RoutePolicyContext context, RoutePolicy policy) =>
        With(policy, Options(annotations, new HostTls
        {
            Protocols = Alpn(annotations),
            Ciphers = Ciphers(annotations, "ssl-ciphers", isSuites: false),
            CipherSuites = Ciphers(annotations, "ssl-cipher-suites", isSuites: true),
        }));

    public static RoutePolicy? Nginx(FamilyAnnotations annotations, RoutePolicyContext context, RoutePolicy policy) =>
        With(policy, new HostTls { Ciphers = Ciphers(annotations, "ssl-ciphers", isSuites: false) });

    private static RoutePolicy? With(RoutePolicy policy, HostTls tls) => tls == new HostTls() ? null : policy with { HostTls = tls };

    private static string? Alpn(FamilyAnnotations annotations)
    {
        if (annotations.Text("tls-alpn") is not { } written)
            return null;
        var protocols = written.Split(',', StringSplitOptions.TrimEntries);
        if (protocols.All(static protocol => Protocols.Contains(protocol, StringComparer.Ordinal)))
            return string.Join(',', protocols);
        annotations.Refuse("tls-alpn", $"is {Shown.Quoted(written)}; write h2, http/1.1 or both, divided by a comma");
        return null;
    }

    private static string? Ciphers(FamilyAnnotations annotations, string key, bool isSuites)
    {
        if (annotations.Text(key) is not { } written)
            return null;
        if (written.Length <= MaxText && written.Split(':').All(isSuites ? CipherNames.IsSuite : CipherNames.IsWord) && written.Split(':').Any(isSuites ? CipherNames.IsSuite : CipherNames.IsCipher))
            return written;
        annotations.Refuse(key, isSuites
            ? $"is {Shown.Quoted(written)}; write TLS_AES_128_GCM_SHA256, TLS_AES_256_GCM_SHA384 or TLS_CHACHA20_POLY1305_SHA256, divided by colons"
            : $"is {Shown.Quoted(written)}; write names such as ECDHE-RSA-AES128-GCM-SHA256, divided by colons, of which at least one is known");
        return null;
    }

    private static HostTls Options(FamilyAnnotations annotations, HostTls tls)
    {
        if (annotations.Text("ssl-options-host") is not { } written)
            return tls;
        var (least, most) = (0, Versions.Length - 1);
        var without = new HashSet<int>();
        var words = written.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        for (var i = 0; i < words.Length; i++)
        {
            if (Array.FindIndex(Versions, version => version.Word == words[i]) is >= 0 and var left)
                without.Add(left);
            else if (Bound(words, ref i, "ssl-min-ver") is { } low)
                least = Math.Max(least, low);
            else if (Bound(words, ref i, "ssl-max-ver") is { } high)
                most = Math.Min(most, high);
            else if (Array.FindIndex(Versions, version => version.Word.Replace("no-", "force-", StringComparison.Ordinal) == words[i]) is >= 0 and var only)
                (least, most) = (Math.Max(least, only), Math.Min(most, only));
            else if (words[i] is not ("no-sslv3" or "no-tls-tickets"))
                annotations.Refuse("ssl-options-host", $"has {Shown.Quoted(words[i])}, which is not known here; write no-tlsv10 to no-tlsv13, ssl-min-ver or ssl-max-ver with TLSv1.0 to TLSv1.3");
        }

        while (least <= most && without.Contains(least))
            least++;
        while (most >= least && without.Contains(most))
            most--;
        if (least > most || without.Any(version => version > least && version < most))
        {
            annotations.Refuse("ssl-options-host", "leaves no versions of TLS, or a gap between them; write which is the oldest and which the newest");
            return tls;
        }

        return tls with { MinVersion = least == 0 && !written.Contains("ssl-min-ver", StringComparison.Ordinal) && !written.Contains("force-", StringComparison.Ordinal) ? null : Versions[least].Version, MaxVersion = most == Versions.Length - 1 ? null : Versions[most].Version };
    }

    private static int? Bound(string[] words, ref int at, string word)
    {
        var named = at + 1 < words.Length ? words[at + 1] : "";
        if (words[at] != word || Array.FindIndex(Versions, version => version.Version == named) is not (>= 0 and var version))
            return null;
        at++;
        return version;
    }
}
