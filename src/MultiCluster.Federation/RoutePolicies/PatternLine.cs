namespace MultiCluster.Federation.RoutePolicies;

/// <summary>An expression that takes no end of a line, whatever it was written to take.</summary>
internal static class PatternLine
{
    private static readonly CharSet Ends = CharSet.Of('\r') | CharSet.Of('\n');

    /// <summary>Null: a part of it takes nothing else.</summary>
    public static PatternNode? Of(PatternNode node) => node switch
    {
        PatternChars chars => (chars.Set & ~Ends) is { IsEmpty: false } set ? new PatternChars(set) : null,
        PatternSequence sequence => All(sequence.Parts) is { } parts ? new PatternSequence(parts) : null,
        PatternChoice choice => All(choice.Branches) is { } branches ? new PatternChoice(branches) : null,
        PatternGroup group => Of(group.Inner) is { } inner ? group with { Inner = inner } : null,
        PatternRepeat repeat => Of(repeat.Inner) is { } inner ? repeat with { Inner = inner } : null,
        _ => node,
    };

    private static List<PatternNode>? All(IReadOnlyList<PatternNode> nodes)
    {
        var made = nodes.Select(Of).OfType<PatternNode>().ToList();
        return made.Count == nodes.Count ? made : null;
    }
}
