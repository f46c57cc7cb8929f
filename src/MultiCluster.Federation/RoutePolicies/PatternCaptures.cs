namespace MultiCluster.Federation.RoutePolicies;

/// <summary>Takes the numbers from groups, for an expression that becomes part of another.</summary>
internal static class PatternCaptures
{
    public static PatternNode Without(PatternNode node) => node switch
    {
        PatternSequence sequence => new PatternSequence([.. sequence.Parts.Select(Without)]),
        PatternChoice choice => new PatternChoice([.. choice.Branches.Select(Without)]),
        PatternGroup group => new PatternGroup(Without(group.Inner), false),
        PatternRepeat repeat => repeat with { Inner = Without(repeat.Inner) },
        _ => node,
    };
}
