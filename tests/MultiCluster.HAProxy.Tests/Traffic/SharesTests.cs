using MultiCluster.HAProxy.Tests.Support;
using MultiCluster.HAProxy.Traffic;

namespace MultiCluster.HAProxy.Tests.Traffic;

/// <summary>Groups are written as "priority weight healthy/total", with "*ramp" for one that came back, a tier's first letter, and "!" for one that is absent.</summary>
public sealed class SharesTests
{
    [Theory]
    [InlineData("weights, whatever the number of endpoints", 70, 1, "0 70 1/1, 0 30 100/100", "70, 30")]
    [InlineData("no weight, no share", 70, 1, "0 1 5/5, 0 0 5/5", "100, 0")]
    [InlineData("no weight at all: nobody", 70, 1, "0 0 5/5, 0 0 5/5", "0, 0")]
    [InlineData("71 % healthy at threshold 70 keeps all", 70, 1, "0 1 71/100, 1 1 10/10", "100, 0")]
    [InlineData("70 % too", 70, 1, "0 1 70/100, 1 1 10/10", "100, 0")]
    [InlineData("63 % keeps nine tenths", 70, 1, "0 1 63/100, 1 1 10/10", "90, 10")]
    [InlineData("35 % keeps half", 70, 1, "0 1 35/100, 1 1 10/10", "50, 50")]
    [InlineData("0 % keeps nothing", 70, 1, "0 1 0/100, 1 1 10/10", "0, 100")]
    [InlineData("the rest flows through several levels", 50, 1, "0 1 1/4, 1 1 1/4, 2 1 4/4", "50, 25, 25")]
    [InlineData("what nobody can keep goes back in proportion", 100, 1, "0 1 1/2, 1 1 1/2", "66.67, 33.33")]
    [InlineData("a single level keeps all while anybody lives", 70, 1, "0 1 1/100", "100")]
    [InlineData("a dead group's part goes to its level", 50, 1, "0 50 4/4, 0 50 0/4, 1 1 4/4", "100, 0, 0")]
    [InlineData("and to the next where the level is too weak", 70, 1, "0 50 4/4, 0 50 0/4, 1 1 4/4", "71.43, 0, 28.57")]
    [InlineData("within a level who is half as fit gets half of its weight", 70, 1, "0 1 100/100, 0 1 35/100", "66.67, 33.33")]
    [InlineData("fewer than the least count as none", 70, 3, "0 1 2/2, 1 1 3/3", "0, 100")]
    [InlineData("unless nobody has enough: then weights and priorities count", 70, 3, "0 1 2/2, 1 1 2/2", "100, 0")]
    [InlineData("nobody healthy: as configured", 70, 1, "0 70 0/4, 0 30 0/4, 1 1 0/4", "70, 30, 0")]
    [InlineData("nearer before farther, within a priority", 70, 1, "0 1 4/4 o, 0 1 4/4 z, 1 1 4/4 z", "0, 100, 0")]
    [InlineData("priority before place", 70, 1, "0 1 4/4 o, 1 1 4/4 z", "100, 0")]
    [InlineData("near and too weak: the rest goes farther", 70, 1, "0 1 35/100 z, 0 1 4/4 r", "50, 50")]
    [InlineData("during a failback delay: nothing", 70, 1, "0 1 4/4*0, 1 1 4/4", "0, 100")]
    [InlineData("a priority ramps linearly", 70, 1, "0 1 4/4*0.5, 1 1 4/4", "50, 50")]
    [InlineData("a member ramps against its peers", 70, 1, "0 1 4/4*0.5, 0 1 4/4", "33.33, 66.67")]
    [InlineData("one of a level ramps: what it gave away comes back little by little", 70, 1, "0 1 4/4, 0 1 4/4*0, 1 1 4/4", "71.43, 0, 28.57")]
    [InlineData("all have just come back: ramps don't matter", 70, 1, "0 1 4/4*0, 1 1 4/4*0", "100, 0")]
    [InlineData("without an endpoint that is ready a member lacks what it would with dead ones", 70, 1, "0 1 10/10, 0 1 0/10!, 1 1 4/4", "71.43, 0, 28.57")]
    [InlineData("as it does with one of ten, but for that one", 70, 1, "0 1 10/10, 0 1 1/10, 1 1 4/4", "68.75, 9.82, 21.43")]
    [InlineData("one that is to get nothing lacks nothing", 70, 1, "0 1 10/10, 0 0 0/10!, 1 1 4/4", "100, 0, 0")]
    [InlineData("there is nobody to give it to", 70, 1, "0 1 10/10, 0 1 0/10!", "100, 0")]
    [InlineData("nobody healthy: as configured, without who is not there", 70, 1, "0 1 0/4, 0 1 0/10!, 1 1 0/4", "100, 0, 0")]
    [InlineData("only who is not there has a weight", 70, 1, "0 0 4/4, 0 1 0/10!", "0, 0")]
    public void Shares_are_divided(string what, int threshold, int least, string groups, string expected)
    {
        var shares = Shares.Of([.. groups.Split(", ").Select(Parse)], threshold, least);
        Assert.True(expected == string.Join(", ", shares.Select(static share => FormattableString.Invariant($"{share * 100:0.##}"))), $"{what}: {string.Join(", ", shares)}");
    }

    [Fact]
    public void Shares_add_up_and_go_to_the_living() => Check.Scripts(2000, 60, static script =>
    {
        var groups = new List<ShareInput>();
        do
        {
            var total = 1 + script.Next(9);
            groups.Add(new ShareInput(script.Next(3), (LocalityTier)script.Next(3), script.Next(4), total, script.Next(total + 1), script.Next(5) / 4.0));
        }
        while (!script.IsAtEnd && groups.Count < 12);
        var (threshold, least) = (1 + script.Next(100), 1 + script.Next(3));
        var shares = Shares.Of(groups, threshold, least);
        var isAnybody = groups.Exists(static group => group.Weight > 0);
        Assert.Equal(isAnybody ? 1 : 0, shares.Sum(), 9);
        Assert.All(shares, static share => Assert.InRange(share, 0, 1.0000001));
        var isAnybodyFit = groups.Exists(group => group.Weight > 0 && group.Healthy >= least && group.Healthy > 0);
        for (var i = 0; i < shares.Length; i++)
            Assert.True(shares[i] == 0 || (groups[i].Weight > 0 && (groups[i].Healthy >= least || !isAnybodyFit)), $"{groups[i]} gets {shares[i]}");

        var draws = Draws.Apportion(shares);
        Assert.Equal(isAnybody ? Draws.Count : 0, draws.Sum());
        for (var i = 0; i < shares.Length; i++)
            Assert.True((shares[i] > 0) == (draws[i] > 0) && Math.Abs(draws[i] - (shares[i] * Draws.Count)) < shares.Length + 1, $"{shares[i]} is drawn {draws[i]} times");
    });

    /// <summary>No endpoint that dies moves more than its part.</summary>
    [Fact]
    public void There_is_no_cliff()
    {
        var before = 1.0;
        for (var healthy = 1000; healthy >= 0; healthy--)
        {
            var share = Shares.Of([new(0, LocalityTier.Any, 1, 1000, healthy), new(1, LocalityTier.Any, 1, 10, 10)], 70, 1)[0];
            Assert.InRange(before - share, -1e-9, 1 / 700.0 + 1e-9);
            before = share;
        }

        Assert.Equal(0, before);
    }

    [Theory]
    [InlineData(0, 10_000, "1")]
    [InlineData(0, 7_000, "10, 11, 12, 13, 14, 15, 16")]
    [InlineData(7_000, 7_011, "1700, 17010")]
    [InlineData(9_999, 10_000, "19999")]
    [InlineData(5, 5, "")]
    public void A_range_of_draws_is_few_beginnings(int from, int to, string expected) =>
        Assert.Equal(expected, string.Join(", ", Draws.Prefixes(from, to)));

    [Fact]
    public void Beginnings_stand_for_just_the_range() => Check.Scripts(300, 20, static script =>
    {
        var a = (script.Next(256) * 40) + script.Next(40);
        var b = (script.Next(256) * 40) + script.Next(40);
        var (from, to) = (Math.Min(Math.Min(a, b), Draws.Count), Math.Min(Math.Max(a, b), Draws.Count));
        var prefixes = Draws.Prefixes(from, to).ToList();
        Assert.InRange(prefixes.Count, 0, 72);
        for (var draw = 0; draw < Draws.Count; draw++)
        {
            var text = FormattableString.Invariant($"{Draws.First + draw}");
            Assert.Equal(draw >= from && draw < to ? 1 : 0, prefixes.Count(prefix => text.StartsWith(prefix, StringComparison.Ordinal)));
        }
    });

    private static ShareInput Parse(string text)
    {
        var words = text.TrimEnd('!').Split(' ', '/', '*');
        var tier = text[^1] switch { 'z' => LocalityTier.Zone, 'r' => LocalityTier.Region, 'o' => LocalityTier.Other, _ => LocalityTier.Any };
        var ramp = text.Contains('*', StringComparison.Ordinal) ? double.Parse(words[4], System.Globalization.CultureInfo.InvariantCulture) : 1;
        return new ShareInput(Number(0), tier, Number(1), Number(3), Number(2), ramp) { IsAbsent = text[^1] == '!' };

        int Number(int index) => int.Parse(words[index], System.Globalization.CultureInfo.InvariantCulture);
    }
}
