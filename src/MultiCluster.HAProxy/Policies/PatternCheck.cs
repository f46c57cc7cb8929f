using System.Globalization;
using MultiCluster.Model.Policies;

namespace MultiCluster.HAProxy.Policies;

/// <summary>
/// Whether HAProxy takes an expression. With one that it refuses it would not start, so this reads the part of PCRE that all versions take
/// and nothing else: no back references, callouts, recursion, quoting or names. A group can't be left by a bracket too many, since
/// brackets are counted as PCRE counts them.
/// </summary>
internal ref struct PatternCheck
{
    private const int MaxDepth = 20;

    /// <summary>Of repeated parts as often as they are repeated; PCRE takes several times that.</summary>
    private const long MaxSize = 8000;

    /// <summary>
    /// Of expressions that make one entry together: all of HAProxy's versions were seen to refuse one of 32,000, in a file as well, with which
    /// they don't start.
    /// </summary>
    private const long MaxTogether = 2 * MaxSize;

    private const int MaxRepeats = 1000;

    private readonly ReadOnlySpan<char> _text;

    private int _at;

    private int _depth;

    private string? _problem;

    private PatternCheck(ReadOnlySpan<char> text) => _text = text;

    private readonly bool AtEnd => _at >= _text.Length;

    /// <returns>Null: HAProxy takes it.</returns>
    public static string? Problem(string pattern)
    {
        if (!SafePattern.IsSafe(pattern))
            return "it is empty, too long or has characters that expressions can't have";
        var check = new PatternCheck(pattern);
        var size = check.Alternatives();
        if (check._problem is null && !check.AtEnd)
            check._problem = "a ')' closes nothing";
        return check._problem ?? (size > MaxSize ? "its repetitions are too large" : null);
    }

    /// <summary>Whether HAProxy takes all of them as one expression, each of which it takes.</summary>
    public static bool FitTogether(IEnumerable<string> patterns) => patterns.Sum(static pattern => new PatternCheck(pattern).Alternatives()) <= MaxTogether;

    private long Alternatives()
    {
        var size = Sequence();
        while (_problem is null && Take('|'))
            size += Sequence();
        return size;
    }

    private long Sequence()
    {
        var size = 1L;
        while (_problem is null && !AtEnd && _text[_at] is not ('|' or ')'))
            size = Math.Min(size + Part(), MaxSize * 2);
        return size;
    }

    private long Part()
    {
        var (size, repeatable) = Atom();
        if (_problem is not null || Quantifier() is not { } times)
            return size;
        if (!repeatable)
            return Fail("a repetition of nothing");
        return Math.Min(size * times, MaxSize * 2);
    }

    private (long Size, bool Repeatable) Atom()
    {
        var c = _text[_at++];
        return c switch
        {
            '^' or '$' => (1, false),
            '(' => Group(),
            '[' => (PatternClass(), true),
            '\\' => (1, Escape() != 'b'),
            '*' or '+' or '?' or '{' => (Fail($"a '{c}' with nothing before it"), false),
            _ => (1, true),
        };
    }

    private (long Size, bool Repeatable) Group()
    {
        var repeatable = true;
        if (++_depth > MaxDepth)
            return (Fail("groups in groups in groups"), false);
        if (Take('?'))
        {
            if (Take('='))
                repeatable = false;
            else if (Take('!'))
                repeatable = false;
            else if (Take('i'))
            {
                if (Take(')'))
                {
                    _depth--;
                    return (1, false);
                }

                if (!Take(':'))
                    return (Fail("a kind of group that is not taken"), false);
            }
            else if (!Take(':'))
                return (Fail("a kind of group that is not taken"), false);
        }

        var size = Alternatives() + 6;
        if (_problem is null && !Take(')'))
            return (Fail("a '(' is not closed"), false);
        _depth--;
        return (size, repeatable);
    }

    /// <returns>How often at most; null when none is there.</returns>
    private long? Quantifier()
    {
        if (AtEnd || _text[_at] is not ('*' or '+' or '?' or '{'))
            return null;
        var times = 2L;
        if (_text[_at++] == '{')
        {
            var least = Number();
            var most = least;
            if (Take(','))
                most = !AtEnd && _text[_at] == '}' ? least : Number();
            if (least < 0 || most < least || !Take('}'))
                return Fail("a '{' that counts nothing");
            times = most + 1;
        }

        // Lazy or possessive.
        if (!Take('?'))
            Take('+');
        return times;
    }

    private int Number()
    {
        var start = _at;
        while (!AtEnd && char.IsAsciiDigit(_text[_at]))
            _at++;
        return _at > start && _at - start <= 4 && int.Parse(_text[start.._at], NumberStyles.None, CultureInfo.InvariantCulture) is <= MaxRepeats and var number ? number : -1;
    }

    /// <returns>What it stands for: 'b' for a border, 'd' for a class, otherwise a character's place holder.</returns>
    private char Escape()
    {
        if (AtEnd)
            return (char)Fail("it ends with a backslash");
        var c = _text[_at++];
        switch (c)
        {
            case 'b' or 'B':
                return 'b';
            case 'd' or 'D' or 'w' or 'W' or 's' or 'S':
                return 'd';
            case 'n' or 'r' or 't':
                return '\n';
            case 'x' when _at + 2 <= _text.Length && char.IsAsciiHexDigit(_text[_at]) && char.IsAsciiHexDigit(_text[_at + 1]):
                _at += 2;
                return (char)(128 + int.Parse(_text[(_at - 2).._at], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture));
            default:
                return char.IsAsciiLetterOrDigit(c) ? (char)Fail($"'\\{c}' is not taken") : c;
        }
    }

    private long PatternClass()
    {
        if (IsNamed())
            return Fail("a named class outside of a class");
        Take('^');
        var isFirst = true;
        while (!AtEnd && _problem is null)
        {
            if (Take(']'))
                return isFirst ? Fail("an empty class") : 16;
            isFirst = false;
            var from = ClassItem();
            if (AtEnd || _text[_at] != '-' || _at + 1 >= _text.Length || _text[_at + 1] == ']')
                continue;
            _at++;
            var to = ClassItem();
            if (_problem is null && (from < 0 || to < from))
                return Fail("a range that does not go up");
        }

        return Fail("a '[' is not closed");
    }

    /// <summary>What PCRE takes for one, such as <c>[:alpha:]</c> or <c>[.a.]</c>.</summary>
    private readonly bool IsNamed()
    {
        if (AtEnd || _text[_at] is not (':' or '.' or '='))
            return false;
        for (var i = _at + 1; i + 1 < _text.Length && _text[i] != ']'; i++)
        {
            if (_text[i] == '\\')
                i++;
            else if (_text[i] == _text[_at] && _text[i + 1] == ']')
                return true;
        }

        return false;
    }

    /// <returns>The character; -1 for a class, which begins no range.</returns>
    private int ClassItem()
    {
        var c = _text[_at++];
        if (c == '[')
            return Posix();
        if (c != '\\')
            return c;
        var escaped = _at < _text.Length ? _text[_at] : '\0';
        var meaning = Escape();
        return escaped switch
        {
            'b' or 'B' => (int)Fail("a border in a class"),
            'd' or 'D' or 'w' or 'W' or 's' or 'S' => -1,
            'n' => '\n',
            'r' => '\r',
            't' => '\t',
            'x' => meaning - 128,
            _ => escaped,
        };
    }

    private int Posix()
    {
        foreach (var name in new[] { ":alpha:]", ":digit:]", ":alnum:]", ":upper:]", ":lower:]", ":space:]", ":punct:]", ":xdigit:]", ":word:]" })
        {
            if (_text[_at..].StartsWith(name, StringComparison.Ordinal))
            {
                _at += name.Length;
                return -1;
            }
        }

        return (int)Fail("a '[' within a class");
    }

    private bool Take(char c)
    {
        if (AtEnd || _text[_at] != c)
            return false;
        _at++;
        return true;
    }

    private long Fail(string problem)
    {
        _problem ??= problem;
        return 0;
    }
}
