namespace MultiCluster.Federation.RoutePolicies;

/// <param name="Problem">What is wrong and the fix; continues the expression.</param>
/// <param name="IsNarrower">The expression also stands for names with more labels in front, which a wildcard leaves out.</param>
internal readonly record struct PatternNamesReading(IReadOnlyList<string> Names, string? Problem, bool IsNarrower = false);

/// <summary>
/// The host names that an expression stands for, where those are few, or any first label of a name, which a wildcard stands for. Names can be
/// told from others', and expressions can't.
/// </summary>
internal static class PatternNames
{
    private const int MaxNames = 100;

    /// <summary>As long as a label can be.</summary>
    private const int Label = 63;

    /// <summary>Marks in what is made of an expression: where it begins and ends, and what is any label.</summary>
    private const string Begin = "<";
    private const string End = ">";
    private const string Any = "*";

    /// <summary>Any label, or several.</summary>
    private const string AnyLabels = "%";

    private static readonly CharSet Port = CharSet.Of(':');

    /// <summary>Of labels; upper case is the same.</summary>
    private static readonly CharSet InLabel = CharSet.Lower | CharSet.Digits | CharSet.Of('-');

    private static readonly PatternNamesReading TooMany = new([], $"stands for more than {MaxNames} names, or for other parts of names than the whole first label; write \\. for a dot, as in ^(www|old)\\.example\\.com$ or ^[^.]+\\.example\\.com$");

    public static PatternNamesReading Of(string pattern)
    {
        var parser = new PatternParser(pattern);
        var node = parser.Read();
        if (parser.Problem is { } problem)
            return new PatternNamesReading([], problem);
        if (Expand(node) is not { } texts)
            return TooMany;
        if (texts.Exists(static text => !text.StartsWith(Begin, StringComparison.Ordinal) || !text.EndsWith(End, StringComparison.Ordinal)))
            return new PatternNamesReading([], "does not begin with ^ and end with $, so that it is about parts of any name; write both");
        var names = texts.ConvertAll(static text => text[Begin.Length..^End.Length]).Distinct(StringComparer.Ordinal).ToList();
        var isNarrower = names.Exists(static name => name.Contains(AnyLabels, StringComparison.Ordinal));
        names = names.ConvertAll(static name => name.Replace(AnyLabels, Any, StringComparison.Ordinal)).Distinct(StringComparer.Ordinal).ToList();
        return names.TrueForAll(static name => name.LastIndexOf(Any, StringComparison.Ordinal) <= 0 && !name.Contains(Begin, StringComparison.Ordinal) && !name.Contains(End, StringComparison.Ordinal))
            ? new PatternNamesReading(names, null, isNarrower)
            : TooMany;
    }

    /// <returns>Null: they are too many.</returns>
    private static List<string>? Expand(PatternNode node) => node switch
    {
        PatternAnchor { Edge: PatternEdge.Start } => [Begin],
        PatternAnchor { Edge: PatternEdge.End } => [End],
        PatternChars chars => Characters(chars.Set),
        PatternGroup group => Expand(group.Inner),
        PatternChoice choice => choice.Branches.Aggregate((List<string>?)[], static (all, branch) => Few(all, Expand(branch), static (left, right) => left.Concat(right))),
        PatternSequence sequence => sequence.Parts.Aggregate((List<string>?)[""], static (all, part) => Behind(all, Expand(part))),
        PatternRepeat repeat => Repeated(repeat),
        _ => null,
    };

    private static List<string>? Repeated(PatternRepeat repeat)
    {
        // Ports are no part of the hosts that are compared.
        if (repeat.Least == 0 && repeat.Inner.Ahead(CharSet.Empty) == Port)
            return [""];
        if (repeat.Most is null or >= Label)
            return repeat.Least <= 1 && repeat.Inner is PatternChars { Set: var set } && (set.IgnoringCase() & InLabel) == InLabel ? [set.Has('.') ? AnyLabels : Any] : null;
        List<string>? all = [];
        List<string>? some = [""];
        var each = Expand(repeat.Inner);
        for (var count = 0; count <= repeat.Most && some is not null && all is not null; count++)
        {
            if (count >= repeat.Least)
                all = Few(all, some, static (left, right) => left.Concat(right));
            if (count < repeat.Most)
                some = Behind(some, each);
        }

        return some is null ? null : all;
    }

    private static List<string>? Characters(CharSet set)
    {
        var letters = new List<string>();
        for (var value = '!'; value <= '~'; value++)
        {
            if (set.Has(value) && !char.IsAsciiLetterUpper(value))
                letters.Add(value.ToString());
            else if (set.Has(value) && !set.Has(char.ToLowerInvariant(value)))
                letters.Add(char.ToLowerInvariant(value).ToString());
        }

        // What no name has makes none.
        return letters.Count > 1 ? [.. letters.Where(static letter => char.IsAsciiLetterOrDigit(letter[0]) || letter[0] is '-' or '.')] : letters is [Any or AnyLabels or Begin or End] ? null : letters;
    }

    private static List<string>? Behind(List<string>? first, List<string>? second) =>
        Few(first, second, static (left, right) => left.SelectMany(begin => right.Select(end => begin + end)));

    private static List<string>? Few(List<string>? left, List<string>? right, Func<List<string>, List<string>, IEnumerable<string>> join) =>
        left is not null && right is not null && join(left, right).Take(MaxNames + 1).ToList() is { Count: <= MaxNames } few ? few : null;
}
