using System.Globalization;
using MultiCluster.Federation.Text;

namespace MultiCluster.Federation.Annotations;

/// <summary>What may be written as the value of a key.</summary>
public sealed class ValueKind
{
    /// <summary>As for annotations of our own; a map of all hosts or lines of headers fit.</summary>
    public const int MaxLength = 16 * 1024;

    private readonly Predicate<string> _isGood;

    private ValueKind(string spec, string words, Predicate<string> isGood)
    {
        Spec = spec;
        Words = words;
        _isGood = isGood;
    }

    /// <summary>As the tables write it, such as <c>int:0..256</c>.</summary>
    public string Spec { get; }

    /// <summary>It names a Secret.</summary>
    internal bool IsSecret => Spec is "secret" or "secretfile";

    /// <summary>Whoever reads it judges it.</summary>
    internal bool IsOwn => Spec is "own";

    /// <summary>For people; continues "write".</summary>
    public string Words { get; }

    /// <summary>Null when there is no such kind.</summary>
    public static ValueKind? Parse(string spec)
    {
        var colon = spec.IndexOf(':', StringComparison.Ordinal);
        var (name, detail) = colon < 0 ? (spec, "") : (spec[..colon], spec[(colon + 1)..]);
        return name switch
        {
            "enum" or "enumi" => OfWords(spec, detail, name == "enum" ? StringComparison.Ordinal : StringComparison.OrdinalIgnoreCase),
            "int" => OfNumbers(spec, detail),
            _ => Simple(spec) is var (words, isGood) ? new ValueKind(spec, words, isGood) : null,
        };
    }

    /// <summary>What is wrong and the fix, after the name of the key; null when the value is good. Total.</summary>
    public string? ProblemOf(string value)
    {
        if (value.Length > MaxLength)
            return string.Create(CultureInfo.InvariantCulture, $"has {value.Length} characters; write at most {MaxLength}");
        var trimmed = value.Trim();
        if (trimmed.Length == 0)
            return $"is empty; write {Words}, or remove it";
        return _isGood(trimmed) ? null : $"is {Shown.Quoted(value)}; write {Words}";
    }

    /// <summary>Whether two good values say the same.</summary>
    public bool AreSame(string left, string right)
    {
        if (Spec.StartsWith("bool", StringComparison.Ordinal))
            return ValueChecks.Switch(left.Trim()) is { } state && state == ValueChecks.Switch(right.Trim());
        return string.Equals(
            left.Trim(), right.Trim(), Spec.StartsWith("enumi:", StringComparison.Ordinal) ? StringComparison.OrdinalIgnoreCase : StringComparison.Ordinal);
    }

    private static ValueKind? OfWords(string spec, string detail, StringComparison comparison)
    {
        var words = detail.Split(',');
        return words.Contains("", StringComparer.Ordinal)
            ? null
            : new ValueKind(spec, Policies.Words.OneOf(words), value => words.Any(word => string.Equals(word, value, comparison)));
    }

    private static ValueKind? OfNumbers(string spec, string detail)
    {
        if (detail.Split("..") is not [var low, var high] || !int.TryParse(low, NumberStyles.None, CultureInfo.InvariantCulture, out var least))
            return null;
        if (high.Length == 0)
            return new ValueKind(spec, $"a whole number, {low} or more", value => ValueChecks.IsNumber(value, least, int.MaxValue));
        return int.TryParse(high, NumberStyles.None, CultureInfo.InvariantCulture, out var most) && most >= least
            ? new ValueKind(spec, $"a whole number, {low} to {high}", value => ValueChecks.IsNumber(value, least, most))
            : null;
    }

    private static (string Words, Predicate<string> IsGood)? Simple(string spec) => spec switch
    {
        "bool" => ("true or false", static value => ValueChecks.Switch(value) is not null && value.ToLowerInvariant() is not ("on" or "off" or "enabled" or "disabled")),
        "bool:on" => ("true or false", static value => ValueChecks.Switch(value) is not null),
        "time:ms" => ("a number and us, ms, s, m, h or d, such as 500ms or 30s (without a unit: ms), up to 24d", ValueChecks.IsTime),
        "size" => ("a number of bytes, such as 512k, 8m or 1g", ValueChecks.IsSize),
        "size:unlimited" => ("a number of bytes, such as 512k, 8m or 1g, or unlimited", static value => value == "unlimited" || ValueChecks.IsSize(value)),
        "cidrs" => ("addresses and networks divided by commas, such as 192.0.2.1,10.0.0.0/8,2001:db8::/32", static value => ValueChecks.AreNetworks(value, false)),
        "cidrs:not" => ("addresses and networks divided by commas, such as 10.0.0.0/8,!10.1.0.0/16", static value => ValueChecks.AreNetworks(value, true)),
        "codes" => ("status codes divided by commas, such as 404,503", static value => ValueChecks.All(value, static code => ValueChecks.IsNumber(code, 300, 599))),
        "name" => ("a name of letters, digits, '-', '_' and '.'", ValueChecks.IsName),
        "names" => ("names divided by commas", static value => ValueChecks.All(value, ValueChecks.IsWord)),
        "host" => ("a host name or an address", ValueChecks.IsHost),
        "hosts" => ("host names divided by commas", static value => ValueChecks.All(value, ValueChecks.IsHost)),
        "hostport" => ("a host name, with :PORT where it is another port", ValueChecks.IsHostAndPort),
        "url" => ("a URL that begins with https:// or http://, or a path that begins with /", ValueChecks.IsUrl),
        "url:nginx" => ("a URL that begins with https:// or http://, or a path that begins with /; of variables only $request_uri, at its end", ValueChecks.IsNginxUrl),
        "path" => ("a path that begins with /, without blanks, quotes, ';', '\\' and '%['", ValueChecks.IsPath),
        "secret" => ("the name of a Secret, or NAMESPACE/NAME", ValueChecks.IsObject),
        "secretfile" => ("the name of a Secret, or NAMESPACE/NAME", static value => ValueChecks.IsObject(value) || ValueChecks.IsFile(value)),
        "regex" => ("a regular expression of at most 1024 printable characters without quotes and '%['", ValueChecks.IsPattern),
        "regex:any" => ("* or a regular expression of at most 1024 printable characters without quotes and '%['", static value => value == "*" || ValueChecks.IsPattern(value)),
        "regexes" => ("regular expressions divided by blanks", static value => value.Split(' ', StringSplitOptions.RemoveEmptyEntries).All(ValueChecks.IsPattern)),
        "balance" => ("an algorithm such as roundrobin, leastconn, first, source, uri, url_param NAME, hdr(NAME) or random(2)", ValueChecks.IsBalance),
        "headers:blank" => ("lines of a header's name, a blank and its value, which holds no '%['", static value => ValueChecks.AreHeaders(value, ' ')),
        "headers:colon" => ("lines such as NAME: VALUE; of expressions %[namespace] and %[service] only", static value => ValueChecks.AreHeaders(value, ':')),
        "replacement" => ("printable characters without quotes, ';' and '%['; '\\' only before a digit", ValueChecks.IsReplacement),
        "text" => ("printable ASCII characters without quotes, ';', '\\' and '%['", ValueChecks.IsText),
        "lines" => ("lines of text without control characters", ValueChecks.AreLines),
        // Not read at all: refused whatever it is. Of our own the program's reader tells.
        "snippet" => ("nothing", static _ => true),
        "own" => ("what the documentation says", static _ => true),
        _ => null,
    };
}
