using System.Text.RegularExpressions;

namespace MultiCluster.Kubernetes.Yaml;

internal enum ScalarType
{
    Text,
    Null,
    True,
    False,
    Number,
}

/// <summary>
/// What a plain scalar means: the YAML 1.2 core schema, which is what Kubernetes' own serialisers agree on. The words
/// yes, no, on, off of YAML 1.1 stay strings: kubectl makes booleans of them and then fails on every string field.
/// </summary>
internal static partial class YamlScalars
{
    public static ScalarType Classify(string text)
    {
        switch (text)
        {
            case "" or "~" or "null" or "Null" or "NULL":
                return ScalarType.Null;
            case "true" or "True" or "TRUE":
                return ScalarType.True;
            case "false" or "False" or "FALSE":
                return ScalarType.False;
        }

        var first = text[0];
        if (!char.IsAsciiDigit(first) && first is not ('-' or '+' or '.'))
            return ScalarType.Text;
        return JsonNumber(text) is null ? ScalarType.Text : ScalarType.Number;
    }

    /// <summary>The number in JSON's spelling; null when it is none.</summary>
    public static string? JsonNumber(string text)
    {
        if (text.Length > 400)
            return null;
        if (Decimal().IsMatch(text))
            return Plain(text);
        if (Based().Match(text) is not { Success: true } match)
            return null;
        var digits = match.Groups["digits"].Value;
        var radix = match.Groups["base"].Value is "0x" ? 16 : 8;
        try
        {
            return Convert.ToInt64(digits, radix).ToString(System.Globalization.CultureInfo.InvariantCulture);
        }
        catch (Exception e) when (e is OverflowException or FormatException)
        {
            return null;
        }
    }

    /// <summary>JSON has no leading plus, no leading zeros and no bare point.</summary>
    private static string Plain(string text)
    {
        var sign = text[0] == '-' ? "-" : "";
        var rest = text[0] is '-' or '+' ? text[1..] : text;
        rest = rest.TrimStart('0');
        if (rest.Length == 0 || !char.IsAsciiDigit(rest[0]))
            rest = "0" + rest;
        var point = rest.IndexOf('.', StringComparison.Ordinal);
        if (point >= 0 && (point == rest.Length - 1 || !char.IsAsciiDigit(rest[point + 1])))
            rest = rest.Insert(point + 1, "0");
        return sign + rest;
    }

    [GeneratedRegex(@"^[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?$", RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture)]
    private static partial Regex Decimal();

    [GeneratedRegex("^(?<base>0x|0o)(?<digits>[0-9a-fA-F]+)$", RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture)]
    private static partial Regex Based();
}
