namespace MultiCluster.Federation.RoutePolicies;

/// <summary>Takes ^ from the beginning of an expression, and puts <c>.*?</c> where there was none.</summary>
internal static class PatternStart
{
    private static readonly PatternRepeat Anything = new(new PatternChars(~CharSet.Empty), 0, null, IsLazy: true);

    /// <param name="isWhole">It holds for the whole of a text, so that every alternative begins where the text does.</param>
    /// <param name="isAnchored">It begins where the text does.</param>
    /// <returns>Null when it holds ^ elsewhere, or in some of its alternatives: where those begin depends on whether others match.</returns>
    public static PatternNode? Strip(PatternNode node, bool isWhole, out bool isAnchored)
    {
        isAnchored = isWhole || IsClosed(node) || IsAnything(node);
        if (isAnchored)
            return Stripped(node) is var stripped && Holds(stripped) ? null : stripped;
        return Holds(node) ? null : new PatternSequence([Anything, node]);
    }

    private static PatternNode Stripped(PatternNode node) => node switch
    {
        PatternChoice choice => new PatternChoice([.. choice.Branches.Select(Stripped)]),
        PatternSequence { Parts: [PatternAnchor { Edge: PatternEdge.Start }, ..] } sequence =>
            new PatternSequence([.. sequence.Parts.SkipWhile(static part => part is PatternAnchor { Edge: PatternEdge.Start })]),
        PatternSequence { Parts: [PatternGroup group, ..] } sequence =>
            new PatternSequence([group with { Inner = Stripped(group.Inner) }, .. sequence.Parts.Skip(1)]),
        _ => node,
    };

    /// <summary>All of its alternatives begin with ^.</summary>
    private static bool IsClosed(PatternNode node) => node switch
    {
        PatternChoice choice => choice.Branches.All(IsClosed),
        PatternSequence { Parts: [PatternAnchor { Edge: PatternEdge.Start }, ..] } => true,
        PatternSequence { Parts: [PatternGroup group, ..] } => IsClosed(group.Inner),
        _ => false,
    };

    /// <summary>It begins with <c>.*</c>, which where it does not match at once matches nowhere.</summary>
    private static bool IsAnything(PatternNode node) =>
        node is PatternSequence { Parts: [PatternRepeat { Inner: PatternChars { Set: var set }, Least: 0, Most: null }, ..] } && set == CharSet.Dot;

    private static bool Holds(PatternNode node) => node switch
    {
        PatternAnchor anchor => anchor.Edge == PatternEdge.Start,
        PatternSequence sequence => sequence.Parts.Any(Holds),
        PatternChoice choice => choice.Branches.Any(Holds),
        PatternGroup group => Holds(group.Inner),
        PatternRepeat repeat => Holds(repeat.Inner),
        _ => false,
    };
}
