using System.Text;
using MultiCluster.Federation.Ingresses;
using MultiCluster.Federation.RoutePolicies;
using MultiCluster.Federation.Text;
using MultiCluster.Federation.Tls;
using MultiCluster.Model.Conditions;
using MultiCluster.Model.Identity;
using MultiCluster.Model.Policies;

namespace MultiCluster.Federation.BackendPolicies;

/// <summary>
/// TLS with servers. Where they are to be verified and whom to believe can't be read, no request is sent to them: one to a server that is not
/// verified would be what nobody asked for.
/// </summary>
internal static class BackendTlsReader
{
    private const string Closed = ", and until then no request is sent to its pods";
    private const int MaxText = 1024;

    public static ServerTls? Community(BackendAnnotations all)
    {
        const string Ca = "secure-verify-ca-secret";
        var (hasCa, sni) = (all.Has(Ca), all.Text("secure-sni"));
        var tls = new ServerTls
        {
            Identity = Identity(all, "secure-crt-secret"),
            VerifiedName = Name(all, "secure-verify-hostname"),
            Ciphers = Ciphers(all, "ssl-ciphers-backend"),
            CipherSuites = Suites(all, "ssl-cipher-suites-backend"),
            // Whom the authorities alone verify is there asked for no name; without authorities it is all one.
            Sni = hasCa ? SniSource.None : SniSource.Host,
        };
        tls = sni?.ToLowerInvariant() switch
        {
            null => tls,
            "sni" => tls with { Sni = SniSource.Client },
            "host" => tls with { Sni = SniSource.Host },
            _ when HashKey.IsName(sni) => tls with { Sni = SniSource.Name, Name = sni.ToLowerInvariant() },
            _ => Unnamed(all, "secure-sni", sni, tls),
        };
        tls = all.Text("ssl-options-backend") is { } options ? Options(all, options, tls) : tls;
        return hasCa ? Verified(all, Ca, tls) : tls == new ServerTls { Sni = SniSource.Host } ? null : tls;
    }

    /// <summary>There the authorities are under tls.crt.</summary>
    public static ServerTls? Official(BackendAnnotations all)
    {
        if (!all.Has("server-ca") && !all.Has("server-crt"))
            return null;
        var tls = new ServerTls { Identity = Identity(all, "server-crt") };
        return all.Has("server-ca") ? Verified(all, "server-ca", tls, "tls.crt") : tls with { Sni = SniSource.Host };
    }

    public static ServerTls? Nginx(BackendAnnotations all)
    {
        const string Secret = "proxy-ssl-secret";
        var verifies = all.Text("proxy-ssl-verify") is "on" || (all.Has("proxy-ssl-verify") && all.Text("proxy-ssl-verify") is null);
        var (name, serverName) = (Name(all, "proxy-ssl-name"), all.Text("proxy-ssl-server-name"));
        var tls = new ServerTls
        {
            Identity = all.Has(Secret) ? Identity(all, Secret, isOptional: true) : null,
            Ciphers = Ciphers(all, "proxy-ssl-ciphers"),
            Name = serverName == "on" ? name : null,
            VerifiedName = serverName == "on" ? null : name,
            Sni = serverName switch
            {
                "on" => name is null ? SniSource.Host : SniSource.Name,
                null when !verifies && name is null => SniSource.Host,
                _ => SniSource.None,
            },
        };
        if (all.Text("proxy-ssl-protocols") is { } protocols)
            tls = Protocols(all, protocols, tls);
        if (!verifies)
            return tls == new ServerTls { Sni = SniSource.Host } ? null : tls;
        if (all.Has(Secret))
            return Verified(all, Secret, tls);
        all.Refuse("proxy-ssl-verify", $"is on, and nothing says whom to believe; name a Secret with ca.crt in proxy-ssl-secret{Closed}");
        return tls with { IsClosed = true };
    }

    private static ServerTls Verified(BackendAnnotations all, string key, ServerTls tls, string? caKey = null)
    {
        if (Data(all, key, Closed) is not { } data)
            return tls with { IsClosed = true };
        var isElsewhere = caKey is not null && !data.ContainsKey(AuthorityReader.AuthoritiesKey) && data.ContainsKey(caKey);
        var (certificates, revoked, problem) = AuthorityReader.Read(
            isElsewhere ? new Dictionary<string, ReadOnlyMemory<byte>>(StringComparer.Ordinal) { [AuthorityReader.AuthoritiesKey] = data[caKey!] } : data);
        if (problem is null)
            return tls with { Authorities = certificates, Revoked = revoked.Length > 0 ? revoked : null };
        all.Refuse(key, $"names Secret {Shown.Plain(all.Text(key) ?? "")}, {problem}{Closed}");
        return tls with { IsClosed = true };
    }

    /// <param name="isOptional">The Secret may hold authorities alone.</param>
    private static ServerIdentity? Identity(BackendAnnotations all, string key, bool isOptional = false)
    {
        if (Data(all, key, "") is not { } data)
            return null;
        var (hasChain, hasKey) = (data.TryGetValue("tls.crt", out var chain), data.TryGetValue("tls.key", out var own));
        if (isOptional && !hasChain && !hasKey)
            return null;
        if (hasChain && hasKey && CertificateReader.Read(chain.Span, own.Span) is CertificateReading.Valid(var certificate))
            return new ServerIdentity(certificate.Fingerprint, Encoding.ASCII.GetString(certificate.Pem.Reveal().Span));
        var problem = hasChain && hasKey && CertificateReader.Read(chain.Span, own.Span) is CertificateReading.Invalid invalid ? $"of which {invalid.Message}" : "which has no tls.crt and tls.key; store a certificate and its key there";
        all.Refuse(key, $"names Secret {Shown.Plain(all.Text(key) ?? "")}, {problem}; pods are shown no certificate until then");
        return null;
    }

    private static IReadOnlyDictionary<string, ReadOnlyMemory<byte>>? Data(BackendAnnotations all, string key, string until)
    {
        if (all.Text(key) is not { } written || all.Context is not { } context)
            return null;
        var space = context.Ingress.Namespace;
        var secret = written.Split('/') switch
        {
            [var name] => new ObjectKey(space, name),
            [var other, var name] => new ObjectKey(other, name),
            _ => default,
        };
        if (secret == default)
            all.Refuse(key, $"is {Shown.Quoted(written)}, which is no Secret of the namespace; copy it to {Shown.Plain(space)} and write its name{until}");
        else if (context.Secrets(secret) is { } data)
            return data;
        else if (secret.Namespace != space)
            all.Refuse(key, $"names Secret {Shown.Key(secret)}, {PolicySecrets.OfOthers(secret, space)}{until}", Reasons.RefNotPermitted);
        else
            all.Refuse(key, $"names Secret {Shown.Key(secret)}, which there is not; create it{until}", Reasons.SecretNotFound);
        return null;
    }

    private static ServerTls Unnamed(BackendAnnotations all, string key, string name, ServerTls tls)
    {
        all.Refuse(key, $"is {Shown.Quoted(name)}; write a host name");
        return tls;
    }

    private static string? Name(BackendAnnotations all, string key)
    {
        if (all.Text(key) is not { } name)
            return null;
        if (HashKey.IsName(name))
            return name.ToLowerInvariant();
        all.Refuse(key, $"is {Shown.Quoted(name)}; write a host name");
        return null;
    }

    private static string? Ciphers(BackendAnnotations all, string key)
    {
        if (all.Text(key) is not { } text)
            return null;
        if (text.Length <= MaxText && text.Split(':') is var words && words.All(CipherNames.IsWord) && words.Any(CipherNames.IsCipher) && ServerTls.IsCiphers(text))
            return text;
        all.Refuse(key, $"is {Shown.Quoted(text)}; write names such as ECDHE-RSA-AES128-GCM-SHA256, divided by colons, of which at least one is known");
        return null;
    }

    private static string? Suites(BackendAnnotations all, string key)
    {
        if (all.Text(key) is not { } text)
            return null;
        if (text.Length <= MaxText && text.Split(':').All(CipherNames.IsSuite))
            return text;
        all.Refuse(key, $"is {Shown.Quoted(text)}; write TLS_AES_128_GCM_SHA256, TLS_AES_256_GCM_SHA384 or TLS_CHACHA20_POLY1305_SHA256, divided by colons");
        return null;
    }

    /// <summary>Words of HAProxy's <c>server</c> line that leave versions out.</summary>
    private static ServerTls Options(BackendAnnotations all, string text, ServerTls tls)
    {
        const string Key = "ssl-options-backend";
        var allowed = Enumerable.Range(0, ServerTls.Versions.Length).ToHashSet();
        var words = text.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        for (var i = 0; i < words.Length; i++)
        {
            var bound = i + 1 < words.Length ? Array.IndexOf(ServerTls.Versions, words[i + 1]) : -1;
            if (words[i] is "ssl-min-ver" or "ssl-max-ver" && bound >= 0)
                allowed.RemoveWhere(words[i++] == "ssl-min-ver" ? version => version < bound : version => version > bound);
            else if (Versions(words[i], "no-tlsv1") is { } without)
                allowed.Remove(without);
            else if (Versions(words[i], "force-tlsv1") is { } only)
                allowed.RemoveWhere(version => version != only);
            else if (words[i] is not ("no-sslv3" or "no-tls-tickets"))
                return Unversioned(all, Key, $"has {Shown.Quoted(words[i])}, which is not known here; write no-tlsv10 to no-tlsv13, ssl-min-ver or ssl-max-ver with TLSv1.0 to TLSv1.3", tls);
        }

        return Between(all, Key, allowed, tls);
    }

    private static ServerTls Protocols(BackendAnnotations all, string text, ServerTls tls)
    {
        const string Key = "proxy-ssl-protocols";
        var allowed = new HashSet<int>();
        foreach (var word in text.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            var version = Array.IndexOf(ServerTls.Versions, word == "TLSv1" ? "TLSv1.0" : word);
            if (version >= 0)
                allowed.Add(version);
            else if (word is not ("SSLv2" or "SSLv3"))
                return Unversioned(all, Key, $"has {Shown.Quoted(word)}; write TLSv1 to TLSv1.3, divided by blanks", tls);
        }

        return Between(all, Key, allowed, tls);
    }

    private static int? Versions(string word, string prefix) =>
        word.Length == prefix.Length + 1 && word.StartsWith(prefix, StringComparison.Ordinal) && word[^1] is >= '0' and <= '3' and var digit ? digit - '0' : null;

    private static ServerTls Between(BackendAnnotations all, string key, HashSet<int> allowed, ServerTls tls)
    {
        if (allowed.Count == 0 || allowed.Max() - allowed.Min() >= allowed.Count)
            return Unversioned(all, key, "leaves no versions of TLS, or a gap between them; write which is the oldest and which the newest", tls);
        return tls with
        {
            MinVersion = allowed.Min() == 0 ? null : ServerTls.Versions[allowed.Min()],
            MaxVersion = allowed.Max() == ServerTls.Versions.Length - 1 ? null : ServerTls.Versions[allowed.Max()],
        };
    }

    private static ServerTls Unversioned(BackendAnnotations all, string key, string problem, ServerTls tls)
    {
        all.Refuse(key, problem);
        return tls;
    }
}
