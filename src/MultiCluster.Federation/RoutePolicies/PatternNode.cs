using System.Globalization;
using System.Text;

namespace MultiCluster.Federation.RoutePolicies;

internal enum PatternEdge
{
    Start,
    End,
    Word,
    NotWord,
}

/// <summary>A part of a regular expression.</summary>
internal abstract record PatternNode
{
    public abstract void Write(StringBuilder text);

    /// <summary>What may be taken next at its beginning, when <paramref name="after"/> may be taken behind it.</summary>
    public abstract CharSet Ahead(CharSet after);

    public abstract bool CanBeEmpty { get; }

    /// <summary>More than any that is taken, and few enough that no sum or product of them overflows.</summary>
    protected const long MaxSize = 1_000_000;

    /// <summary>How many nodes it is with its repetitions written out, at most <see cref="MaxSize"/>; nothing is one, too, since repeating it takes time.</summary>
    public abstract long Size { get; }
}

internal sealed record PatternChars(CharSet Set) : PatternNode
{
    public override bool CanBeEmpty => false;

    public override long Size => 1;

    public override void Write(StringBuilder text) => Set.Write(text);

    public override CharSet Ahead(CharSet after) => Set;
}

internal sealed record PatternAnchor(PatternEdge Edge) : PatternNode
{
    public override bool CanBeEmpty => true;

    public override long Size => 1;

    public override void Write(StringBuilder text) => text.Append(Edge switch
    {
        PatternEdge.Start => "^",
        PatternEdge.End => "$",
        PatternEdge.Word => @"\b",
        _ => @"\B",
    });

    public override CharSet Ahead(CharSet after) => Edge == PatternEdge.End ? CharSet.Empty : after;
}

internal sealed record PatternSequence(IReadOnlyList<PatternNode> Parts) : PatternNode
{
    public override bool CanBeEmpty => Parts.All(static part => part.CanBeEmpty);

    public override long Size => Math.Clamp(Parts.Sum(static part => part.Size), 1, MaxSize);

    public override void Write(StringBuilder text)
    {
        foreach (var part in Parts)
        {
            if (part is PatternChoice)
                PatternGroup.Write(text, part);
            else
                part.Write(text);
        }
    }

    public override CharSet Ahead(CharSet after) => Parts.Reverse().Aggregate(after, static (next, part) => part.Ahead(next));
}

internal sealed record PatternChoice(IReadOnlyList<PatternNode> Branches) : PatternNode
{
    public override bool CanBeEmpty => Branches.Any(static branch => branch.CanBeEmpty);

    public override long Size => Math.Min(Branches.Sum(static branch => branch.Size), MaxSize);

    public override void Write(StringBuilder text)
    {
        for (var i = 0; i < Branches.Count; i++)
            Branches[i].Write(i == 0 ? text : text.Append('|'));
    }

    public override CharSet Ahead(CharSet after) => Branches.Aggregate(CharSet.Empty, (set, branch) => set | branch.Ahead(after));
}

internal sealed record PatternGroup(PatternNode Inner, bool Captures) : PatternNode
{
    public override bool CanBeEmpty => Inner.CanBeEmpty;

    public override long Size => Inner.Size;

    public override void Write(StringBuilder text)
    {
        text.Append(Captures ? "(" : "(?:");
        Inner.Write(text);
        text.Append(')');
    }

    public override CharSet Ahead(CharSet after) => Inner.Ahead(after);

    public static void Write(StringBuilder text, PatternNode inner) => new PatternGroup(inner, false).Write(text);
}

/// <param name="Most">Null: without end.</param>
internal sealed record PatternRepeat(PatternNode Inner, int Least, int? Most, bool IsLazy) : PatternNode
{
    public override bool CanBeEmpty => Least == 0 || Inner.CanBeEmpty;

    public override long Size => Math.Min(Inner.Size * Math.Max(1, Most ?? Least), MaxSize);

    public override void Write(StringBuilder text)
    {
        if (Inner is PatternChars or PatternGroup)
            Inner.Write(text);
        else
            PatternGroup.Write(text, Inner);
        text.Append((Least, Most) switch
        {
            (0, null) => "*",
            (1, null) => "+",
            (0, 1) => "?",
            (var least, null) => string.Create(CultureInfo.InvariantCulture, $"{{{least},}}"),
            (var least, { } most) when most == least => string.Create(CultureInfo.InvariantCulture, $"{{{least}}}"),
            (var least, { } most) => string.Create(CultureInfo.InvariantCulture, $"{{{least},{most}}}"),
        });
        if (IsLazy)
            text.Append('?');
    }

    public override CharSet Ahead(CharSet after) => Inner.Ahead(after) | (Least == 0 ? after : CharSet.Empty);
}
