using MultiCluster.Model.Policies;

namespace MultiCluster.HAProxy.Policies;

/// <summary>Who may ask: networks and accounts. What can't be read lets in nobody, never everybody.</summary>
internal static class AccessData
{
    public const string Allowed = "a";

    public const string Denied = "d";

    private const string ShaPrefix = "{SHA}";

    /// <summary>Of the oldest hashes of crypt(3), which have no mark.</summary>
    private const int DesLength = 13;

    private const string ClearPrefix = "{CLEAR-SHA256}";

    public static void Write(PolicyWriter writer, RoutePolicy policy)
    {
        if (policy.Sources is { } sources)
            Write(writer, sources);
        if (policy.BasicAuthentication is { } accounts)
            Write(writer, accounts);
    }

    /// <summary>
    /// Only where there are both, so that the one that fails is made up for by the other and never by none. A list of whom not to let in vouches for
    /// nobody, and goes on to refuse.
    /// </summary>
    public static void WriteAny(PolicyWriter writer, RoutePolicy policy)
    {
        if (policy.AnyGuard && writer.Has(PolicyFlags.OnlyAllowed)
            && (writer.Has(PolicyFlags.BasicAuthentication) || writer.Has(PolicyFlags.ExternalAuthentication)))
        {
            writer.Flag(PolicyFlags.AnyGuard);
        }
    }

    private static void Write(PolicyWriter writer, SourceRules sources)
    {
        // Longer ones and, of equal ones, those that deny come later and win.
        var networks = new List<(int Length, bool Denies, string Key)>();
        foreach (var (text, denies) in sources.Allow.Select(static text => (text, false)).Concat(sources.Deny.Select(static text => (text, true))))
        {
            if (NetworkKeys.Parse(text) is { } network)
                networks.AddRange(NetworkKeys.Of(network).Select(key => (network.PrefixLength, denies, key)));
            else if (denies)
                writer.Close($"\"{text}\" is no network, so nobody gets in");
            else
                writer.Refuse($"\"{text}\" is no network");
        }

        // The program lets nobody in without a word.
        if (!sources.OnlyAllowed)
            networks.AddRange(NetworkKeys.Everywhere.Select(static key => (-1, false, key)));
        foreach (var (_, denies, key) in networks.Order())
            writer.Network(PolicyFlags.OnlyAllowed, key, denies ? Denied : Allowed);
        writer.Flag(sources.OnlyAllowed ? PolicyFlags.OnlyAllowed : PolicyFlags.SomeDenied);
        if (sources.Header is { } header && !writer.Flag(PolicyFlags.AddressHeader, PolicyWriter.Text(header), "the header of addresses"))
            writer.Close();
    }

    /// <summary>
    /// The program hashes what a client sends and looks it up, which needs a hash without a salt of its own. For one of crypt(3) it finds the
    /// hash by the name, and asks the agent.
    /// </summary>
    private static void Write(PolicyWriter writer, BasicAuthentication accounts)
    {
        if (!writer.Flag(PolicyFlags.BasicAuthentication, PolicyWriter.Text(accounts.Realm is "" ? "-" : accounts.Realm), "the realm"))
            writer.Close();
        foreach (var (name, hash) in accounts.Users)
        {
            var (kind, digest) = DigestOf(name, hash);
            if (digest is null && (hash.StartsWith('$') || hash.Length == DesLength))
                writer.Named(PolicyFlags.PasswordHash, Digests.Sha256(name), PolicyWriter.Text(hash), $"the account {name}");
            else if (digest is null || !writer.Named(kind, digest, "1", $"the account {name}"))
                writer.Refuse($"the account {name}");
        }
    }

    private static (char Kind, string? Digest) DigestOf(string name, string hash)
    {
        if (hash.StartsWith(ClearPrefix, StringComparison.Ordinal))
            return (PolicyFlags.ClearDigest, Hexadecimal(hash[ClearPrefix.Length..], 64));
        Span<byte> password = stackalloc byte[32];
        return hash.StartsWith(ShaPrefix, StringComparison.Ordinal)
            && Convert.TryFromBase64String(hash[ShaPrefix.Length..], password, out var length) && length == 20
            ? (PolicyFlags.ShaDigest, Digests.Sha256($"{name}:{Convert.ToHexString(password[..length])}"))
            : default;
    }

    private static string? Hexadecimal(string text, int length) => text.Length == length && text.All(char.IsAsciiHexDigit) ? text.ToUpperInvariant() : null;
}
