using System.Globalization;
using System.Net;
using System.Text.RegularExpressions;
using MultiCluster.Model.Identity;

namespace MultiCluster.Federation.Annotations;

/// <summary>
/// Whether a value is of a kind. What can end a command or a quoted word, or be evaluated, is of no kind: newlines (but in lines), quotes,
/// ';', '\' (but in expressions) and '%['.
/// </summary>
internal static class ValueChecks
{
    private const int MaxPattern = 1024;
    private const string NameCharacters = "-_.";
    private const string WordCharacters = "-_.*/~:+!#$&@=?";
    private const string PathCharacters = "-_.*/~:+!#$&@=?()[]{},%|^<>";

    /// <summary>A variable of nginx: path and query as they came.</summary>
    public const string RequestUri = "$request_uri";

    /// <summary>HAProxy counts times in 31 bits of milliseconds.</summary>
    private const decimal MaxMilliseconds = int.MaxValue;

    private static readonly string[] Algorithms =
        ["roundrobin", "static-rr", "leastconn", "first", "source", "uri", "url_param", "hdr", "random", "rdp-cookie", "hash"];

    /// <summary>The spellings of Go's ParseBool, and those of switches; null for any other.</summary>
    public static bool? Switch(string value) => value switch
    {
        "1" or "t" or "T" or "true" or "TRUE" or "True" => true,
        "0" or "f" or "F" or "false" or "FALSE" or "False" => false,
        _ => value.ToLowerInvariant() switch
        {
            "on" or "enabled" => true,
            "off" or "disabled" => false,
            _ => null,
        },
    };

    public static bool IsNumber(string value, int least, int most) =>
        int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= least && number <= most;

    public static bool IsTime(string value)
    {
        var (number, unit) = Split(value);
        decimal? milliseconds = unit switch
        {
            "us" => 0.001m,
            "" or "ms" => 1,
            "s" => 1000,
            "m" => 60_000,
            "h" => 3_600_000,
            "d" => 86_400_000,
            _ => null,
        };
        return milliseconds is { } one && number is { } count && count * one <= MaxMilliseconds;
    }

    public static bool IsSize(string value) => Split(value) is ({ } number, var unit) && unit.ToLowerInvariant() switch
    {
        "" => true,
        "k" => number <= 1L << 40,
        "m" => number <= 1L << 30,
        "g" => number <= 1L << 20,
        _ => false,
    };

    public static bool AreNetworks(string value, bool mayExclude) =>
        All(value, part => IsNetwork(mayExclude && part.StartsWith('!') ? part[1..] : part));

    public static bool IsName(string value) => value.All(static c => char.IsAsciiLetterOrDigit(c) || NameCharacters.Contains(c, StringComparison.Ordinal));

    public static bool IsWord(string value) => value.All(static c => char.IsAsciiLetterOrDigit(c) || WordCharacters.Contains(c, StringComparison.Ordinal));

    public static bool IsHost(string value) =>
        DnsNames.IsSubdomain(value.ToLowerInvariant()) || (value.StartsWith("*.", StringComparison.Ordinal) && DnsNames.IsSubdomain(value[2..].ToLowerInvariant()))
        || IsAddress(value.Trim('[', ']'), out _);

    public static bool IsHostAndPort(string value)
    {
        var colon = value.LastIndexOf(':');
        return IsHost(value) || (colon > 0 && IsNumber(value[(colon + 1)..], 1, 65535) && IsHost(value[..colon]));
    }

    public static bool IsUrl(string value)
    {
        if (value.StartsWith('/'))
            return IsPath(value);
        return IsPath("/" + value) && Uri.TryCreate(value, UriKind.Absolute, out var url) && url.Scheme is "http" or "https";
    }

    /// <summary>Without variables, but for the one of path and query at its end.</summary>
    public static bool IsNginxUrl(string value)
    {
        var url = value.EndsWith(RequestUri, StringComparison.Ordinal) ? value[..^RequestUri.Length] : value;
        return !url.Contains('$', StringComparison.Ordinal) && IsUrl(url);
    }

    public static bool IsPath(string value) =>
        value.StartsWith('/') && !Evaluates(value) && value.All(static c => char.IsAsciiLetterOrDigit(c) || PathCharacters.Contains(c, StringComparison.Ordinal));

    /// <summary>A name, or namespace and name.</summary>
    public static bool IsObject(string value) => value.Split('/') switch
    {
        [var name] => DnsNames.IsSubdomain(name),
        [var space, var name] => DnsNames.IsLabel(space) && DnsNames.IsSubdomain(name),
        _ => false,
    };

    /// <summary>Files of the proxy's machine, several divided by commas.</summary>
    public static bool IsFile(string value) => value.StartsWith("file://", StringComparison.Ordinal) && IsPath("/" + value["file://".Length..]);

    public static bool IsPattern(string value)
    {
        if (value.Length > MaxPattern || Evaluates(value) || !IsPrintable(value) || value.AsSpan().ContainsAny('"', '\''))
            return false;
        try
        {
            // For its grammar alone: nothing is matched with it.
            _ = new Regex(value, RegexOptions.CultureInvariant, TimeSpan.FromSeconds(1));
            return true;
        }
        catch (ArgumentException)
        {
            return false;
        }
    }

    public static bool IsBalance(string value) =>
        IsText(value) && Algorithms.Contains(value.Split(' ', '(')[0], StringComparer.Ordinal);

    /// <param name="end">Of the name.</param>
    public static bool AreHeaders(string value, char end) => value.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).All(line =>
    {
        var at = line.IndexOf(end, StringComparison.Ordinal);
        if (at < 1 || !IsName(line[..at]))
            return false;
        var content = line[(at + 1)..];
        if (end == ':')
            content = content.Replace("%[namespace]", "", StringComparison.Ordinal).Replace("%[service]", "", StringComparison.Ordinal);
        return IsPrintable(content) && !Evaluates(content);
    });

    public static bool IsReplacement(string value)
    {
        for (var i = 0; i < value.Length; i++)
        {
            if (value[i] == '\\' && (i + 1 == value.Length || !char.IsAsciiDigit(value[i + 1])))
                return false;
        }

        return IsText(value.Replace("\\", "", StringComparison.Ordinal));
    }

    public static bool IsText(string value) => IsPrintable(value) && !Evaluates(value) && !value.AsSpan().ContainsAny("\"'`;\\");

    /// <summary>Nobody evaluates them: they are sent as they are, in a form that ends no word.</summary>
    public static bool AreLines(string value)
    {
        var isWhole = true;
        foreach (var rune in value.EnumerateRunes())
            isWhole &= rune.Value is '\n' or '\r' or '\t' || (rune.Value != 0xfffd && !System.Text.Rune.IsControl(rune));
        return isWhole;
    }

    /// <summary>Entries divided by commas.</summary>
    public static bool All(string value, Predicate<string> isGood) =>
        value.Split(',', StringSplitOptions.TrimEntries).All(part => part.Length > 0 && isGood(part));

    private static bool Evaluates(string value) => value.Contains("%[", StringComparison.Ordinal);

    private static bool IsPrintable(string value) => !value.AsSpan().ContainsAnyExceptInRange(' ', '~');

    private static bool IsNetwork(string value)
    {
        var slash = value.IndexOf('/', StringComparison.Ordinal);
        if (slash < 0)
            return IsAddress(value, out _);
        return IsAddress(value[..slash], out var bits) && IsNumber(value[(slash + 1)..], 0, bits);
    }

    /// <summary>In full: the system would also read 10 and 0x0a.1.</summary>
    internal static bool IsAddress(string value, out int bits)
    {
        var isSix = value.Contains(':', StringComparison.Ordinal);
        bits = isSix ? 128 : 32;
        return isSix
            ? !value.AsSpan().ContainsAny("%[]/") && IPAddress.TryParse(value, out _)
            : value.Split('.') is { Length: 4 } parts && parts.All(static part => IsNumber(part, 0, 255) && (part.Length == 1 || part[0] != '0'));
    }

    private static (long? Number, string Unit) Split(string value)
    {
        var digits = value.AsSpan().IndexOfAnyExceptInRange('0', '9');
        var number = digits < 0 ? value : value[..digits];
        return (long.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out var count) ? count : null, digits < 0 ? "" : value[digits..]);
    }
}
