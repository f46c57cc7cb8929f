namespace MultiCluster.Federation.RoutePolicies;

/// <summary>
/// How an expression's time grows with the text, for a matcher that tries one way after the other. A repetition whose end can't be told from
/// the next character multiplies it by the text's length; in another repetition that can happen at every turn, and no text is short enough.
/// </summary>
/// <param name="Stretches">Repetitions without end, one behind the other, whose end the next character doesn't tell.</param>
/// <param name="Ways">To go through choices that the next character doesn't decide.</param>
internal readonly record struct PatternCost(int Stretches, long Ways)
{
    public const int MaxStretches = 2;
    public const long MaxWays = 256;

    private const long TooMany = 1 << 20;

    private static readonly PatternCost One = new(0, 1);

    /// <summary>Null: it can take endless time, for the reason that <paramref name="problem"/> tells.</summary>
    public static PatternCost? Of(PatternNode node, out string? problem)
    {
        var reading = new Reading();
        var cost = reading.Of(node, CharSet.Empty, isRepeated: false);
        problem = reading.Problem;
        return problem is null ? cost : null;
    }

    private sealed class Reading
    {
        public string? Problem { get; private set; }

        /// <param name="after">What may be taken behind the node.</param>
        /// <param name="isRepeated">It is in a repetition.</param>
        public PatternCost Of(PatternNode node, CharSet after, bool isRepeated) => node switch
        {
            PatternSequence sequence => Of(sequence, after, isRepeated),
            PatternChoice choice => Of(choice, after, isRepeated),
            PatternGroup group => Of(group.Inner, after, isRepeated),
            PatternRepeat repeat => Of(repeat, after, isRepeated),
            _ => One,
        };

        private PatternCost Of(PatternSequence sequence, CharSet after, bool isRepeated)
        {
            var cost = One;
            foreach (var part in sequence.Parts.Reverse())
            {
                var own = Of(part, after, isRepeated);
                cost = new PatternCost(cost.Stretches + own.Stretches, Math.Min(TooMany, cost.Ways * own.Ways));
                after = part.Ahead(after);
            }

            return cost;
        }

        private PatternCost Of(PatternChoice choice, CharSet after, bool isRepeated)
        {
            var seen = CharSet.Empty;
            var overlaps = false;
            var cost = new PatternCost(0, 0);
            foreach (var branch in choice.Branches)
            {
                var ahead = branch.Ahead(after);
                overlaps |= ahead.Overlaps(seen);
                seen |= ahead;
                var own = Of(branch, after, isRepeated);
                cost = new PatternCost(Math.Max(cost.Stretches, own.Stretches), Math.Min(TooMany, cost.Ways + own.Ways));
            }

            if (overlaps && isRepeated)
                Problem ??= "repeats alternatives that begin alike, as (a|ab)*, which can take endless time; write the common beginning once, as a(?:b)?";
            return overlaps ? cost : cost with { Ways = Math.Max(1, cost.Ways - choice.Branches.Count + 1) };
        }

        private PatternCost Of(PatternRepeat repeat, CharSet after, bool isRepeated)
        {
            if (repeat.Most == 0)
                return One;
            var isLoop = repeat.Most is not 1;
            var first = repeat.Inner.Ahead(CharSet.Empty);
            if (isLoop && repeat.Inner.CanBeEmpty)
                Problem ??= "repeats what can be empty, as (a*)*, which can take endless time; remove one of the repetitions";
            var own = Of(repeat.Inner, isLoop ? first | after : after, isRepeated || isLoop);
            if (repeat.Least == repeat.Most || !first.Overlaps(after))
                return own;
            if (isRepeated)
                Problem ??= "repeats a repetition whose end the next character does not tell, as (a+)+, which can take endless time; remove one of the two";
            return repeat.Most is { } most
                ? own with { Ways = Math.Min(TooMany, own.Ways * (most - repeat.Least + 1)) }
                : own with { Stretches = own.Stretches + 1 };
        }
    }
}
