using System.Buffers;

namespace MultiCluster.Hocon.Syntax;

/// <summary>Character classes of the HOCON specification ("Unchanged from JSON", "Unquoted strings").</summary>
internal static class Characters
{
    private static readonly SearchValues<char> Reserved = SearchValues.Create("$\"{}[]:=,+#`^?!@*&\\");

    public static bool IsReserved(char c) => Reserved.Contains(c);

    /// <summary>Whitespace other than the newline. A byte order mark counts, as do CR and the ASCII separators.</summary>
    public static bool IsSpace(char c) =>
        c != '\n' && (char.IsWhiteSpace(c) || c is '\uFEFF' or (>= '\x1C' and <= '\x1F'));

    /// <summary>The number grammar of JSON (RFC 8259 §6), so that <c>0640</c> stays text.</summary>
    public static bool IsNumber(ReadOnlySpan<char> text)
    {
        var at = text.StartsWith('-') ? 1 : 0;
        var whole = Digits(text, ref at);
        if (whole == 0 || (whole > 1 && text[at - whole] == '0'))
            return false;
        if (at < text.Length && text[at] == '.')
        {
            at++;
            if (Digits(text, ref at) == 0)
                return false;
        }
        if (at < text.Length && text[at] is 'e' or 'E')
        {
            at++;
            if (at < text.Length && text[at] is '+' or '-')
                at++;
            if (Digits(text, ref at) == 0)
                return false;
        }
        return at == text.Length;
    }

    private static int Digits(ReadOnlySpan<char> text, ref int at)
    {
        var start = at;
        while (at < text.Length && char.IsAsciiDigit(text[at]))
            at++;
        return at - start;
    }
}
