using System.Globalization;
using System.Text;

namespace MultiCluster.Hocon.Syntax;

/// <summary>Text to tokens. Comments vanish; spaces stay, because concatenation keeps those between two strings.</summary>
internal sealed class Tokenizer
{
    private const string TripleQuote = "\"\"\"";

    private readonly string text;
    private readonly string file;
    private readonly List<Token> tokens = [];
    private int at;
    private int line = 1;

    private Tokenizer(string text, string file)
    {
        this.text = text;
        this.file = file;
    }

    public static List<Token> Run(string text, string file)
    {
        var tokenizer = new Tokenizer(text, file);
        while (tokenizer.at < text.Length)
            tokenizer.Next();
        tokenizer.Add(TokenKind.End, "");
        return tokenizer.tokens;
    }

    private void Next()
    {
        var c = text[at];
        if (c == '\n')
            Newline();
        else if (Characters.IsSpace(c))
            Add(TokenKind.Space, Take(Characters.IsSpace));
        else if (c == '#' || Ahead("//"))
            Take(static ch => ch != '\n');
        else if (Ahead(TripleQuote))
            TripleQuoted();
        else if (c == '"')
            Quoted();
        else if (Punctuation() is { } mark)
            Punctuate(mark.Kind, mark.Text);
        else
            Unquoted();
    }

    private (TokenKind Kind, string Text)? Punctuation() => text[at] switch
    {
        '{' => (TokenKind.OpenBrace, "{"),
        '}' => (TokenKind.CloseBrace, "}"),
        '[' => (TokenKind.OpenBracket, "["),
        ']' => (TokenKind.CloseBracket, "]"),
        ',' => (TokenKind.Comma, ","),
        ':' => (TokenKind.Colon, ":"),
        '=' => (TokenKind.Equals, "="),
        '+' when Ahead("+=") => (TokenKind.PlusEquals, "+="),
        '$' when Ahead("${?") => (TokenKind.OptionalSubstitution, "${?"),
        '$' when Ahead("${") => (TokenKind.Substitution, "${"),
        _ => null,
    };

    private void Punctuate(TokenKind kind, string mark)
    {
        Add(kind, mark);
        at += mark.Length;
    }

    private void Newline()
    {
        Add(TokenKind.Newline, "\n");
        line++;
        at++;
    }

    private void Unquoted()
    {
        var start = at;
        var number = char.IsAsciiDigit(text[at]) || text[at] == '-';
        while (at < text.Length && !EndsUnquoted(number && at > start && text[at - 1] is 'e' or 'E'))
        {
            if (char.IsControl(text[at]))
                throw Fail($"control character U+{(int)text[at]:X4} is not allowed here");
            at++;
        }
        if (at == start)
            throw Fail($"'{text[at]}' must be written inside quotes");
        Add(TokenKind.Unquoted, text[start..at]);
    }

    private bool EndsUnquoted(bool afterExponent)
    {
        var c = text[at];
        if (c == '+' && afterExponent && at + 1 < text.Length && char.IsAsciiDigit(text[at + 1]))
            return false;
        return c == '\n' || Characters.IsSpace(c) || Characters.IsReserved(c) || Ahead("//");
    }

    private void Quoted()
    {
        var value = new StringBuilder();
        at++;
        while (true)
        {
            if (at >= text.Length || text[at] == '\n')
                throw Fail("the string is not closed on this line; close it with '\"', or use \"\"\" for text of several lines");
            var c = text[at++];
            if (c == '"')
                break;
            if (char.IsControl(c) && c < ' ')
                throw Fail($"control character U+{(int)c:X4} is not allowed in a quoted string; write it as \\u{(int)c:x4}");
            value.Append(c == '\\' ? Escape() : c);
        }
        Add(TokenKind.Quoted, value.ToString());
    }

    private char Escape()
    {
        var c = at < text.Length ? text[at++] : '\n';
        return c switch
        {
            '"' or '\\' or '/' => c,
            'b' => '\b',
            'f' => '\f',
            'n' => '\n',
            'r' => '\r',
            't' => '\t',
            'u' => Unicode(),
            _ when char.IsControl(c) => throw Fail("the string ends after a backslash"),
            _ => throw Fail($"'\\{c}' is not an escape; write '\\\\' for a backslash"),
        };
    }

    private char Unicode()
    {
        if (at + 4 > text.Length
            || !ushort.TryParse(text.AsSpan(at, 4), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var code))
        {
            throw Fail("'\\u' needs four hexadecimal digits");
        }
        at += 4;
        return (char)code;
    }

    /// <summary>Quotes beyond the closing three belong to the string: <c>""""a""""</c> is <c>"a"</c>.</summary>
    private void TripleQuoted()
    {
        var start = at + TripleQuote.Length;
        var end = text.IndexOf(TripleQuote, start, StringComparison.Ordinal);
        if (end < 0)
            throw Fail("the \"\"\" string is never closed");
        while (end + TripleQuote.Length < text.Length && text[end + TripleQuote.Length] == '"')
            end++;
        var value = text[start..end];
        if (value.Contains('\0'))
            throw Fail("control character U+0000 is not allowed here");
        Add(TokenKind.Quoted, value);
        line += value.AsSpan().Count('\n');
        at = end + TripleQuote.Length;
    }

    private string Take(Func<char, bool> belongs)
    {
        var start = at;
        while (at < text.Length && belongs(text[at]))
            at++;
        return text[start..at];
    }

    private bool Ahead(string mark) => string.CompareOrdinal(text, at, mark, 0, mark.Length) == 0;

    private void Add(TokenKind kind, string value) => tokens.Add(new Token(kind, value, line));

    private HoconException Fail(string message) => new(new HoconOrigin(file, line), message);
}
