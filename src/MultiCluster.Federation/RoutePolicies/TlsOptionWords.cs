namespace MultiCluster.Federation.RoutePolicies;

/// <summary>Words such as those of HAProxy's ssl-default-bind-options, by what they mean.</summary>
/// <param name="Min">Null: not said.</param>
/// <param name="Max">Null: the newest.</param>
/// <param name="HasVersions">False: none is left, or there is a gap between those that are.</param>
/// <param name="Others">Besides versions.</param>
/// <param name="Unknown">What is none of ours.</param>
internal sealed record TlsOptionWords(string? Min, string? Max, bool HasVersions, IReadOnlyList<string> Others, IReadOnlyList<string> Unknown)
{
    /// <summary>HAProxy's own least, where nobody says another.</summary>
    private const int Usual = 2;

    /// <summary>From the oldest on, with the words by which options leave them out.</summary>
    private static readonly (string Word, string Version)[] Versions = [("no-tlsv10", "TLSv1.0"), ("no-tlsv11", "TLSv1.1"), ("no-tlsv12", "TLSv1.2"), ("no-tlsv13", "TLSv1.3")];

    private static readonly string[] Further = ["no-sslv3", "no-tls-tickets", "prefer-client-ciphers"];

    /// <summary>For people.</summary>
    public static string Known => "no-tlsv10 to no-tlsv13, force-tlsv10 to force-tlsv13, ssl-min-ver or ssl-max-ver with TLSv1.0 to TLSv1.3, no-tls-tickets and prefer-client-ciphers";

    public bool IsGood => HasVersions && Unknown.Count == 0;

    /// <summary>As HAProxy has them; null when they are not good.</summary>
    public string? Text => !IsGood ? null
        : (string[])[.. Others, .. Min is null ? (string[])[] : [$"ssl-min-ver {Min}"], .. Max is null ? (string[])[] : [$"ssl-max-ver {Max}"]] is { Length: > 0 } words ? string.Join(' ', words)
        : $"ssl-min-ver {Versions[Usual].Version}";

    public static TlsOptionWords Read(string written)
    {
        var (least, most, isSaid) = (0, Versions.Length - 1, false);
        var without = new HashSet<int>();
        var (others, unknown) = (new List<string>(), new List<string>());
        var words = written.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        for (var i = 0; i < words.Length; i++)
        {
            if (Array.FindIndex(Versions, version => version.Word == words[i]) is >= 0 and var left)
                without.Add(left);
            else if (Bound(words, ref i, "ssl-min-ver") is { } low)
                (least, isSaid) = (Math.Max(least, low), true);
            else if (Bound(words, ref i, "ssl-max-ver") is { } high)
                most = Math.Min(most, high);
            else if (Array.FindIndex(Versions, version => version.Word.Replace("no-", "force-", StringComparison.Ordinal) == words[i]) is >= 0 and var only)
                (least, most, isSaid) = (Math.Max(least, only), Math.Min(most, only), true);
            else if (!Further.Contains(words[i], StringComparer.Ordinal))
                unknown.Add(words[i]);
            else if (words[i] != "no-sslv3" && !others.Contains(words[i], StringComparer.Ordinal))
                others.Add(words[i]);
        }

        if (words.Length == 0)
            unknown.Add("");
        while (least <= most && without.Contains(least))
            least++;
        while (most >= least && without.Contains(most))
            most--;
        if (least > most || without.Any(version => version > least && version < most))
            return new TlsOptionWords(null, null, false, others, unknown);
        // Below the usual least nothing would be left of what is said.
        isSaid |= least > 0 || most < Usual;
        return new TlsOptionWords(isSaid ? Versions[least].Version : null, most == Versions.Length - 1 ? null : Versions[most].Version, true, others, unknown);
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
