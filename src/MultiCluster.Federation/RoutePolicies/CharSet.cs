using System.Globalization;
using System.Text;

namespace MultiCluster.Federation.RoutePolicies;

/// <summary>Bytes, of which an expression takes one.</summary>
internal readonly record struct CharSet(UInt128 Low, UInt128 High)
{
    private const int Half = 128;

    /// <summary>Characters that stand for themselves everywhere in an expression.</summary>
    private const string Plain = "-_/,:=@&~!%";

    /// <summary>And those that do so in brackets.</summary>
    private const string PlainInBrackets = "_/,:=@&~!%.$()|?*+{}";

    private const string Special = ".^$()|?*+[]{}\\";

    public static readonly CharSet Empty = new(0, 0);
    public static readonly CharSet Dot = ~Of('\n');
    public static readonly CharSet Digits = Range('0', '9');
    public static readonly CharSet Upper = Range('A', 'Z');
    public static readonly CharSet Lower = Range('a', 'z');
    public static readonly CharSet Word = Digits | Upper | Lower | Of('_');
    public static readonly CharSet Blanks = Range('\t', '\r') | Of(' ');

    public bool IsEmpty => Low == 0 && High == 0;

    public static CharSet Of(int value) => value < Half ? new CharSet(UInt128.One << value, 0) : new CharSet(0, UInt128.One << (value - Half));

    public static CharSet Range(int first, int last)
    {
        var set = Empty;
        for (var value = first; value <= last; value++)
            set |= Of(value);
        return set;
    }

    public bool Has(int value) => !(this & Of(value)).IsEmpty;

    public bool Overlaps(CharSet other) => !(this & other).IsEmpty;

    /// <summary>With the other case of its letters.</summary>
    public CharSet IgnoringCase()
    {
        var upper = (this & Upper).Low;
        var lower = (this & Lower).Low;
        return this | new CharSet((upper << ('a' - 'A')) | (lower >> ('a' - 'A')), 0);
    }

    /// <summary>In the alphabet of safe patterns.</summary>
    public void Write(StringBuilder text)
    {
        if (this == Dot)
            text.Append('.');
        else if (UInt128.PopCount(Low) + UInt128.PopCount(High) == 1)
            Write(text, FirstFrom(0), Plain, Special);
        else if (High != 0 && this != ~Empty)
            WriteRanges(text.Append("[^"), ~this);
        else
            WriteRanges(text.Append('['), this);
    }

    private static void WriteRanges(StringBuilder text, CharSet set)
    {
        for (var first = set.FirstFrom(0); first < 2 * Half; first = set.FirstFrom(first))
        {
            var last = first;
            while (last + 1 < 2 * Half && set.Has(last + 1))
                last++;
            Write(text, first, PlainInBrackets, "");
            if (last > first + 1)
                text.Append('-');
            if (last > first)
                Write(text, last, PlainInBrackets, "");
            first = last + 1;
        }

        text.Append(']');
    }

    private int FirstFrom(int value)
    {
        while (value < 2 * Half && !Has(value))
            value++;
        return value;
    }

    private static void Write(StringBuilder text, int value, string plain, string escaped)
    {
        var c = (char)value;
        if (char.IsAsciiLetterOrDigit(c) || plain.Contains(c, StringComparison.Ordinal))
            text.Append(c);
        else if (escaped.Contains(c, StringComparison.Ordinal))
            text.Append('\\').Append(c);
        else
            text.Append(CultureInfo.InvariantCulture, $"\\x{value:X2}");
    }

    public static CharSet operator |(CharSet left, CharSet right) => new(left.Low | right.Low, left.High | right.High);

    public static CharSet operator &(CharSet left, CharSet right) => new(left.Low & right.Low, left.High & right.High);

    public static CharSet operator ~(CharSet set) => new(~set.Low, ~set.High);
}
