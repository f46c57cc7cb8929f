using System.Globalization;
using System.Text;

namespace MultiCluster.Cli.Output;

/// <summary>
/// Texts of other people's objects on a terminal: control and format characters (escape sequences, line breaks,
/// right-to-left overrides) are shown, not obeyed.
/// </summary>
public static class SafeText
{
    public static string Of(string text) => Escape(text, keepLines: false, static rune => rune.Value switch
    {
        '\n' => @"\n",
        '\r' => @"\r",
        '\t' => @"\t",
        <= 0xff => $@"\x{rune.Value:x2}",
        _ => $@"\u{{{rune.Value:x}}}",
    });

    /// <summary>A JSON document of several lines: in it such characters stand in strings only.</summary>
    public static string OfJson(string document) => Escape(document, keepLines: true, static rune => JsonEscape(rune));

    private static string Escape(string text, bool keepLines, Func<Rune, string> escape)
    {
        StringBuilder? escaped = null;
        var at = 0;
        foreach (var rune in text.EnumerateRunes())
        {
            var shown = IsHarmless(rune) || (keepLines && rune.Value == '\n') ? null : escape(rune);
            if (shown is not null)
                escaped ??= new StringBuilder(text, 0, at, text.Length + 16);
            _ = shown is null ? escaped?.Append(rune) : escaped!.Append(shown);
            at += rune.Utf16SequenceLength;
        }
        return escaped?.ToString() ?? text;
    }

    private static string JsonEscape(Rune rune)
    {
        Span<char> units = stackalloc char[2];
        return rune.EncodeToUtf16(units) == 1 ? $@"\u{(int)units[0]:X4}" : $@"\u{(int)units[0]:X4}\u{(int)units[1]:X4}";
    }

    private static bool IsHarmless(Rune rune) => Rune.GetUnicodeCategory(rune) is not (
        UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator
        or UnicodeCategory.PrivateUse or UnicodeCategory.OtherNotAssigned);
}
