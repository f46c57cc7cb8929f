using System.Globalization;
using System.Text;

namespace MultiCluster.Federation.RoutePolicies;

/// <summary>
/// Reads what the dialects of PCRE, RE2 and .NET have in common: characters, brackets, groups, alternatives, repetitions, ^, $, \b, \d, \w, \s.
/// What needs more than a look at the next character to be matched is refused: back references, looking around, recursion.
/// </summary>
internal sealed class PatternParser(string pattern)
{
    public const int MaxLength = 1024;
    private const int MaxDepth = 24;
    private const int MaxCount = 100;
    private const int MaxSize = 4000;

    private const string ControlEscapes = "tnvfrea";
    private const string ControlValues = "\t\n\v\f\r\u001b\a";

    private int _at;
    private int _depth;
    private bool _ignoresCase;

    /// <summary>Of groups that capture.</summary>
    public int Groups { get; private set; }

    /// <summary>What is wrong and the fix; null when all is well.</summary>
    public string? Problem { get; private set; }

    public PatternNode Read()
    {
        if (pattern.Length is 0 or > MaxLength)
            Refuse(pattern.Length == 0 ? "is empty; write a regular expression" : $"is longer than {MaxLength} characters; write a shorter one");
        if (Rest.StartsWith("(?i)"))
            (_ignoresCase, _at) = (true, _at + 4);
        var node = Choice();
        if (Problem is null && _at < pattern.Length)
            Refuse("has a ')' that closes nothing; write \\) for the character");
        if (Problem is null && node.Size > MaxSize)
            Refuse("repeats so much that it is too large; write a shorter one");
        return node;
    }

    private ReadOnlySpan<char> Rest => pattern.AsSpan(Math.Min(_at, pattern.Length));

    private PatternNode Choice()
    {
        if (++_depth > MaxDepth)
            return Refuse($"has groups in more than {MaxDepth} others; write fewer");
        var branches = new List<PatternNode> { Sequence() };
        while (Take('|'))
            branches.Add(Sequence());
        _depth--;
        return branches.Count == 1 ? branches[0] : new PatternChoice(branches);
    }

    private PatternSequence Sequence()
    {
        var parts = new List<PatternNode>();
        while (_at < pattern.Length && pattern[_at] is not ('|' or ')'))
            parts.Add(Repeated(Atom()));
        return new PatternSequence(parts);
    }

    private PatternNode Repeated(PatternNode atom)
    {
        if (Quantifier() is not var (least, most))
            return atom;
        if (atom is PatternAnchor)
            return Refuse("repeats ^, $ or \\b, which take no character; remove the repetition");
        if (most < least || least > MaxCount || most > MaxCount)
            return Refuse($"repeats more than {MaxCount} times, or to less than from; write smaller numbers, or * or +");
        var isLazy = Take('?');
        return Quantifier() is null
            ? new PatternRepeat(atom, least, most, isLazy)
            : Refuse("has two repetitions one after the other; write one");
    }

    private (int Least, int? Most)? Quantifier()
    {
        if (Take('*'))
            return (0, null);
        if (Take('+'))
            return (1, null);
        if (Take('?'))
            return (0, 1);
        var end = Rest.IndexOf('}');
        if (end < 2 || Rest[0] != '{')
            return null;
        var numbers = Rest[1..end].ToString().Split(',');
        if (numbers.Length > 2 || !IsCount(numbers[0], out var least))
            return null;
        int? most = least;
        if (numbers.Length == 2)
            most = numbers[1].Length == 0 ? null : IsCount(numbers[1], out var limit) ? limit : -1;
        _at += end + 1;
        return (least, most);
    }

    private static bool IsCount(string text, out int count)
    {
        var isNumber = text.Length > 0 && !text.AsSpan().ContainsAnyExceptInRange('0', '9');
        count = isNumber && text.Length < 5 ? int.Parse(text, CultureInfo.InvariantCulture) : MaxCount + 1;
        return isNumber;
    }

    private PatternNode Atom()
    {
        var c = pattern[_at++];
        return c switch
        {
            '(' => Group(),
            '[' => Chars(PatternBrackets.Read(pattern, ref _at, _ignoresCase, out var problem), problem),
            '.' => new PatternChars(CharSet.Dot),
            '^' => new PatternAnchor(PatternEdge.Start),
            '$' => new PatternAnchor(PatternEdge.End),
            '\\' => Escape(),
            '*' or '+' or '?' => Refuse($"begins a part with {c}, which repeats nothing; write \\{c} for the character"),
            _ => Literal(c),
        };
    }

    private PatternNode Group()
    {
        var captures = true;
        if (Rest.StartsWith("?:"))
            (captures, _at) = (false, _at + 2);
        else if (NameLength() is > 0 and var length)
            _at += length;
        else if (Rest.StartsWith("?") || Rest.StartsWith("*"))
            return Refuse("holds a group that begins with (? or (*, which looks around, recurs or changes the rules; write ( or (?:, and (?i) at the beginning only");
        if (captures)
            Groups++;
        var inner = Choice();
        return Take(')') ? new PatternGroup(inner, captures) : Refuse("has a '(' that nothing closes; write \\( for the character");
    }

    /// <summary>Of <c>?&lt;name></c> or <c>?P&lt;name></c>: the name itself counts for nothing.</summary>
    private int NameLength()
    {
        var begin = Rest.StartsWith("?P<") ? 3 : Rest.StartsWith("?<") ? 2 : 0;
        if (begin == 0)
            return 0;
        var end = Rest.IndexOf('>');
        return end > begin && !Rest[begin..end].ContainsAnyExceptInRange('0', 'z') && char.IsAsciiLetter(Rest[begin]) ? end + 1 : 0;
    }

    private PatternNode Escape()
    {
        if (_at == pattern.Length)
            return Refuse("ends with a backslash; write \\\\ for the character");
        var c = pattern[_at++];
        if (PatternBrackets.ClassOf(c) is { } set)
            return new PatternChars(set);
        switch (c)
        {
            case 'b' or 'B':
                return new PatternAnchor(c == 'b' ? PatternEdge.Word : PatternEdge.NotWord);
            case 'A':
                return new PatternAnchor(PatternEdge.Start);
            case 'z' or 'Z':
                return new PatternAnchor(PatternEdge.End);
            case 'x' when PatternBrackets.Hex(pattern, ref _at) is { } value:
                return Chars(CharSet.Of(value));
            case >= '0' and <= '9':
                return Refuse($"holds \\{c}, which refers back to a group, and can take endless time; write the text again");
        }

        var control = ControlEscapes.IndexOf(c, StringComparison.Ordinal);
        if (control >= 0)
            return new PatternChars(CharSet.Of(ControlValues[control]));
        return char.IsAsciiLetter(c) ? Refuse($"holds \\{c}, which is not read; write the characters themselves, or in brackets") : Literal(c);
    }

    private PatternNode Literal(char c)
    {
        if (char.IsAscii(c))
            return Chars(CharSet.Of(c));
        var length = char.IsHighSurrogate(c) && _at < pattern.Length && char.IsLowSurrogate(pattern[_at]) ? 2 : 1;
        if (length == 1 && char.IsSurrogate(c))
            return Refuse("holds half a character; remove it");
        var bytes = Encoding.UTF8.GetBytes(pattern.Substring(_at - 1, length));
        _at += length - 1;
        return new PatternGroup(new PatternSequence([.. bytes.Select(static value => new PatternChars(CharSet.Of(value)))]), false);
    }

    private PatternNode Chars(CharSet set, string? problem = null) =>
        problem is null ? new PatternChars(_ignoresCase ? set.IgnoringCase() : set) : Refuse(problem);

    private bool Take(char c)
    {
        if (_at >= pattern.Length || pattern[_at] != c)
            return false;
        _at++;
        return true;
    }

    /// <summary>The first problem counts, and nothing behind it is read.</summary>
    private PatternSequence Refuse(string problem)
    {
        Problem ??= problem;
        _at = pattern.Length;
        return new PatternSequence([]);
    }
}
