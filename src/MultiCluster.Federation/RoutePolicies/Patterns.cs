using System.Text;
using MultiCluster.Model.Policies;

namespace MultiCluster.Federation.RoutePolicies;

/// <param name="Text">In the form of <see cref="SafePattern"/>; empty if there is a problem.</param>
/// <param name="Groups">How many it captures.</param>
/// <param name="Problem">What is wrong and the fix; continues the expression.</param>
internal readonly record struct PatternReading(string Text, int Groups, string? Problem);

/// <summary>
/// Regular expressions of users, read and written anew, so that of what a proxy is given nothing is as somebody wrote it. What is written begins
/// with ^, which occurs nowhere else in it but in brackets: whoever puts something before the text that is matched puts it behind that.
/// </summary>
internal static class Patterns
{
    /// <summary>Found anywhere in a text, as the controllers do.</summary>
    public static PatternReading Read(string pattern) => Read(pattern, isWhole: false);

    /// <summary>Found anywhere in a line of several, and taking nothing of the next.</summary>
    public static PatternReading ReadLine(string pattern) => Read(pattern, isWhole: false, isLine: true);

    /// <summary>Holds for the whole of a text.</summary>
    public static PatternReading ReadWhole(string pattern) => Read(pattern, isWhole: true);

    /// <summary>An expression that equals the text; what requests write percent-encoded in either case.</summary>
    public static string Quote(string path)
    {
        var text = new StringBuilder();
        foreach (var value in Encoding.UTF8.GetBytes(path))
        {
            if (value < 0x80)
                CharSet.Of(value).Write(text);
            else
                AppendEncoded(text, value);
        }

        return text.ToString();
    }

    /// <summary>An expression that equals the text in upper or lower case.</summary>
    public static string QuoteAnyCase(string text)
    {
        var quoted = new StringBuilder();
        foreach (var value in Encoding.UTF8.GetBytes(text))
            CharSet.Of(value).IgnoringCase().Write(quoted);
        return quoted.ToString();
    }

    /// <summary>Holds where a text begins, and captures nothing.</summary>
    public static PatternReading ReadBeginning(string pattern, int maxStretches, int maxWays)
    {
        var parser = new PatternParser(pattern);
        var node = parser.Read();
        if (parser.Problem is { } wrong)
            return new PatternReading("", 0, wrong);
        if (PatternStart.Strip(node, isWhole: false, out _) is not { } body)
            return new PatternReading("", 0, "has ^ elsewhere than at the beginning; remove it");
        if (PatternCost.Of(body, out var endless) is not { } cost)
            return new PatternReading("", 0, endless);
        if (cost.Stretches > maxStretches || cost.Ways > maxWays)
            return new PatternReading("", 0, "can be matched in too many ways; write what ends a repetition, as [^/]* for .*");
        var text = Write(PatternCaptures.Without(body), isWhole: false);
        return SafePattern.IsSafe(text) ? new PatternReading(text, 0, null) : new PatternReading("", 0, "is too long when it is written in full; write a shorter one");
    }

    private static void AppendEncoded(StringBuilder text, byte value)
    {
        text.Append('%');
        foreach (var digit in Convert.ToHexString([value]))
            CharSet.Of(digit).IgnoringCase().Write(text);
    }

    private static PatternReading Read(string pattern, bool isWhole, bool isLine = false)
    {
        var parser = new PatternParser(pattern);
        var node = parser.Read();
        if (parser.Problem is { } wrong)
            return new PatternReading("", 0, wrong);
        if (PatternStart.Strip(node, isWhole, out var isAnchored) is not { } body)
            return new PatternReading("", 0, "has ^ elsewhere than at the beginning of all alternatives; write it before each of them, or ^(a|b)");
        if (isLine)
            body = PatternLine.Of(body);
        if (body is null)
            return new PatternReading("", 0, "takes ends of lines, which the text has not; remove them");
        if (PatternCost.Of(isWhole ? new PatternSequence([body, new PatternAnchor(PatternEdge.End)]) : body, out var endless) is not { } cost)
            return new PatternReading("", 0, endless);
        if (cost.Stretches > (isAnchored ? PatternCost.MaxStretches : PatternCost.MaxStretches - 1) || cost.Ways > PatternCost.MaxWays)
            return new PatternReading("", 0, "can be matched in too many ways; begin it with ^, and write what ends a repetition, as [^/]* for .*");
        var text = Write(body, isWhole);
        return SafePattern.IsSafe(text)
            ? new PatternReading(text, parser.Groups, null)
            : new PatternReading("", 0, $"is longer than {SafePattern.MaxLength} characters when it is written in full; write a shorter one");
    }

    private static string Write(PatternNode body, bool isWhole)
    {
        var text = new StringBuilder("^");
        if (body is PatternChoice)
            PatternGroup.Write(text, body);
        else
            body.Write(text);
        if (isWhole)
            new PatternAnchor(PatternEdge.End).Write(text);
        return text.ToString();
    }
}
