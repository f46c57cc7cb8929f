using System.Buffers;
using System.Globalization;
using System.Net;
using System.Text;
using MultiCluster.Model.Policies;

namespace MultiCluster.HAProxy.Traffic;

/// <summary>A variant as words of a real name, and back.</summary>
internal static class PlaceVariantText
{
    /// <summary>Stands before two digits in a path, as '%' does elsewhere.</summary>
    private const char Escape = '~';

    private const string AgentSend = "agent-send";

    private const string Service = "service";

    private const string CheckAddress = "addr";

    private const string AgentAddress = "agent-addr";

    private static readonly SearchValues<char> PathCharacters = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._/");

    private static readonly (HashSource Source, string Word)[] Sources =
    [
        (HashSource.Address, "src"), (HashSource.Host, "host"), (HashSource.Uri, "uri"), (HashSource.Path, "path"),
        (HashSource.Parameter, "param"), (HashSource.Header, "hdr"), (HashSource.Cookie, "cookie"),
    ];

    private static readonly (BackendProtocol Protocol, string Word)[] Protocols =
        [(BackendProtocol.Http2, "h2"), (BackendProtocol.Https, "https"), (BackendProtocol.Http2Tls, "h2-tls")];

    private static readonly (ProxyHeader Header, string Word)[] Headers =
    [
        (ProxyHeader.Version1, "proxy-v1"), (ProxyHeader.Version2, "proxy-v2"), (ProxyHeader.Version2Tls, "proxy-v2-ssl"),
        (ProxyHeader.Version2TlsName, "proxy-v2-ssl-cn"),
    ];

    public static string Write(PlaceVariant variant)
    {
        var text = new StringBuilder(variant.Profile.Name);
        if (variant.HashKey is { } key)
            text.Append('|').Append(Write(key));
        if (variant.Session.Length > 0)
            text.Append('|').Append(SessionText.Word).Append(':').Append(variant.Session);
        if (variant.UsesService)
            text.Append('|').Append(Service);
        foreach (var word in ServerWords(variant))
            text.Append('|').Append(word);
        if (variant.CheckPath.Length > 0)
            AppendPath(text.Append(PlaceVariant.PathMark), variant.CheckPath);
        return text.ToString();
    }

    public static IEnumerable<string> ServerWords(PlaceVariant variant)
    {
        if (variant.MaxConnections > 0)
            yield return Number("maxconn", variant.MaxConnections);
        if (variant.MaxQueue > 0)
            yield return Number("maxqueue", variant.MaxQueue);
        if (Array.Find(Protocols, item => item.Protocol == variant.Protocol).Word is { } protocol)
            yield return protocol;
        if (Array.Find(Headers, item => item.Header == variant.ProxyHeader).Word is { } header)
            yield return header;
        if (variant.Tls is { } tls)
            yield return $"{PlaceTls.Word}:{PlaceTls.Write(tls)}";
        if (variant.Checks is { } checks)
            yield return checks ? "check:on" : "check:off";
        if (variant.CheckInterval is { } interval)
            yield return Number("inter", (int)interval.TotalMilliseconds);
        if (variant.CheckRise is { } rise)
            yield return Number("rise", rise);
        if (variant.CheckFall is { } fall)
            yield return Number("fall", fall);
        if (variant.CheckPort is { } port)
            yield return Number("port", port);
        if (variant.CheckAddress.Length > 0)
            yield return $"{CheckAddress}:{WithoutColons(variant.CheckAddress)}";
        if (variant.AgentPort is { } agent)
            yield return Number("agent", agent);
        if (variant.AgentAddress.Length > 0)
            yield return $"{AgentAddress}:{WithoutColons(variant.AgentAddress)}";
        if (variant.AgentInterval is { } asking)
            yield return Number("agent-inter", (int)asking.TotalMilliseconds);
        if (variant.AgentSend.Length > 0)
            yield return $"{AgentSend}:{variant.AgentSend}";
    }

    /// <returns>Null for what <see cref="Write(PlaceVariant)"/> has not written.</returns>
    public static PlaceVariant? Parse(string text)
    {
        var path = "";
        var mark = text.IndexOf(PlaceVariant.PathMark, StringComparison.Ordinal);
        if (mark >= 0)
            path = Unescape(text[(mark + 1)..]);
        var words = (mark < 0 ? text : text[..mark]).Split('|');
        if (BackendProfile.Parse(words[0]) is not { } profile)
            return null;
        var variant = new PlaceVariant(profile) { CheckPath = path };
        foreach (var word in words.AsSpan(1))
        {
            if (Take(variant, word) is not { } next)
                return null;
            variant = next;
        }

        var isWhole = profile.AsksHttp == path.Length > 0 && profile.Balance == BalanceAlgorithm.Hash == variant.HashKey is not null
            && (profile.BindsSessions || variant.Session.Length == 0);
        return isWhole && string.Equals(Write(variant), text, StringComparison.Ordinal) ? variant : null;
    }

    /// <summary>Whatever is read wrong here is found by writing it again.</summary>
    private static PlaceVariant? Take(PlaceVariant variant, string word)
    {
        if (Array.Find(Protocols, item => item.Word == word) is { Word: not null } protocol)
            return variant with { Protocol = protocol.Protocol };
        if (Array.Find(Headers, item => item.Word == word) is { Word: not null } header)
            return variant with { ProxyHeader = header.Header };
        if (word == Service)
            return variant with { UsesService = true };
        if (word is "check:on" or "check:off")
            return variant with { Checks = word == "check:on" };
        var colon = word.IndexOf(':', StringComparison.Ordinal);
        var (name, value) = colon < 0 ? (word, "") : (word[..colon], word[(colon + 1)..]);
        if (name == PlaceTls.Word)
            return PlaceTls.Parse(value) is { } tls ? variant with { Tls = tls } : null;
        if (name == SessionText.Word)
            return SessionText.IsWritten(value) ? variant with { Session = value } : null;
        if (name is CheckAddress or AgentAddress)
            return AddressOf(value) is not { } address ? null : name == CheckAddress ? variant with { CheckAddress = address } : variant with { AgentAddress = address };
        if (name == AgentSend)
            return BackendPolicy.IsAgentWord(value) ? variant with { AgentSend = value } : null;
        if (Array.Find(Sources, item => item.Word == name) is { Word: not null } source)
            return variant with { HashKey = KeyOf(source.Source, value) };
        if (!int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var number))
            return null;
        return name switch
        {
            "maxconn" => variant with { MaxConnections = number },
            "maxqueue" => variant with { MaxQueue = number },
            "inter" => variant with { CheckInterval = TimeSpan.FromMilliseconds(number) },
            "rise" => variant with { CheckRise = number },
            "fall" => variant with { CheckFall = number },
            "port" => variant with { CheckPort = number },
            "agent" => variant with { AgentPort = number },
            "agent-inter" => variant with { AgentInterval = TimeSpan.FromMilliseconds(number) },
            _ => null,
        };
    }

    /// <summary>Of IPv6 '-' stands for ':', which divides words elsewhere.</summary>
    private static string WithoutColons(string address) => address.Replace(':', '-');

    private static string? AddressOf(string text) =>
        text.Replace('-', ':') is var written && IPAddress.TryParse(written, out var address) && string.Equals(address.ToString(), written, StringComparison.Ordinal) ? written : null;

    private static HashKey KeyOf(HashSource source, string value) => source == HashSource.Path && int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var depth)
        ? new HashKey(source, Depth: depth)
        : new HashKey(source, value);

    private static string Write(HashKey key)
    {
        var word = Array.Find(Sources, item => item.Source == key.Source).Word;
        return key.Depth > 0 ? Number(word, key.Depth) : key.Name.Length > 0 ? $"{word}:{key.Name}" : word;
    }

    private static string Number(string word, int number) => string.Create(CultureInfo.InvariantCulture, $"{word}:{number}");

    private static void AppendPath(StringBuilder text, string path)
    {
        foreach (var c in path)
        {
            if (PathCharacters.Contains(c))
                text.Append(c);
            else
                text.Append(CultureInfo.InvariantCulture, $"{Escape}{(int)c & 0xff:X2}");
        }
    }

    private static string Unescape(string text)
    {
        var path = new StringBuilder(text.Length);
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] == Escape && i + 2 < text.Length && byte.TryParse(text.AsSpan(i + 1, 2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var code))
            {
                path.Append((char)code);
                i += 2;
            }
            else
            {
                path.Append(text[i]);
            }
        }

        return path.ToString();
    }
}
