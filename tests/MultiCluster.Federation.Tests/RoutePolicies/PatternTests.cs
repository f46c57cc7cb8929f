using System.Text;
using System.Text.RegularExpressions;
using MultiCluster.Federation.RoutePolicies;
using MultiCluster.Model.Policies;

namespace MultiCluster.Federation.Tests.RoutePolicies;

public sealed class PatternTests
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(10);

    [Theory]
    [InlineData("^/a/(.*)$", "^/a/(.*)$")]
    [InlineData("/a", @"^[\x00-\xFF]*?/a")]
    [InlineData("a|b", @"^[\x00-\xFF]*?(?:a|b)")]
    [InlineData(".*/a", "^.*/a")]
    [InlineData("^/a|^/b", "^(?:/a|/b)")]
    [InlineData("^(/a|b)+$", "^(/a|b)+$")]
    [InlineData("(^/a|^/b)c", "^(/a|/b)c")]
    [InlineData("^/(?<name>[a-z]+)/(?P<other>[0-9]+)", "^/([a-z]+)/([0-9]+)")]
    [InlineData(@"^/a b;""'<>#`", @"^/a\x20b\x3B\x22\x27\x3C\x3E\x23\x60")]
    [InlineData(@"^/\d\w\s\.\/\-\t", @"^/[0-9][0-9A-Z_a-z][\x09-\x0D\x20]\./-\x09")]
    [InlineData("^/ä", @"^/(?:\xC3\xA4)")]
    [InlineData("^/ä+", @"^/(?:\xC3\xA4)+")]
    [InlineData("(?i)^/Ab", "^/[Aa][Bb]")]
    [InlineData("^[^/]+[]a-c^-]", @"^[^/]+[\x2D\x5D\x5Ea-c]")]
    [InlineData("^/[[:digit:]]{2,}?x{3}y{1,2}", "^/[0-9]{2,}?x{3}y{1,2}")]
    [InlineData("^/{x}", @"^/\{x\}")]
    [InlineData(@"^/\bx\B", @"^/\bx\B")]
    [InlineData(@"\A/x\z", "^/x$")]
    [InlineData("^(a|)(b|$)()", "^(a|)(b|$)()")]
    [InlineData("^/something(/|$)(.*)", "^/something(/|$)(.*)")]
    [InlineData("^(/[^/]+)*/x$", "^(/[^/]+)*/x$")]
    [InlineData("^/(.*)/(.*)$", "^/(.*)/(.*)$")]
    [InlineData(@"^[\s\S]", @"^[\x00-\xFF]")]
    public void An_expression_is_written_anew(string pattern, string expected)
    {
        var reading = Patterns.Read(pattern);
        Assert.Null(reading.Problem);
        Assert.Equal(expected, reading.Text);
    }

    [Theory]
    [InlineData("", "is empty")]
    [InlineData("(a+)+", "repeats a repetition")]
    [InlineData("^(a+)+$", "repeats a repetition")]
    [InlineData("^(.*a){3}", "repeats a repetition")]
    [InlineData("^(a|a)*$", "repeats alternatives that begin alike")]
    [InlineData("^(?:.|/)*$", "repeats alternatives that begin alike")]
    [InlineData("^(a*)*$", "repeats what can be empty")]
    [InlineData("^(a?){50}a{50}$", "repeats what can be empty")]
    [InlineData("^.*.*.*=$", "too many ways")]
    [InlineData("a?a?a?a?a?a?a?a?a?a?a?aaaaaaaaa", "too many ways")]
    [InlineData(@"^(a)\1", "refers back to a group")]
    [InlineData("^(?=a)", "looks around")]
    [InlineData("^(?!a)", "looks around")]
    [InlineData("^(?<=a)b", "looks around")]
    [InlineData("^(?R)", "looks around")]
    [InlineData("^(?>a)", "looks around")]
    [InlineData("^(*FAIL)", "looks around")]
    [InlineData("^a{1000}", "repeats more than 100 times")]
    [InlineData("^a{2,1}", "repeats more than 100 times, or to less than from")]
    [InlineData("^(a{100}){100}", "repeats so much")]
    [InlineData("^a**", "two repetitions")]
    [InlineData("^a*+", "two repetitions")]
    [InlineData("*a", "repeats nothing")]
    [InlineData("^*", "repeats ^")]
    [InlineData("^(a", "nothing closes")]
    [InlineData("^a)", "closes nothing")]
    [InlineData("^[a", "nothing closes")]
    [InlineData("^[z-a]", "ends before it begins")]
    [InlineData("^[ä]", "not ASCII")]
    [InlineData(@"^[^\x00-\x7f\W\w]", "no character is in")]
    [InlineData("^a\\", "ends with a backslash")]
    [InlineData(@"^\p{L}", "holds \\p")]
    [InlineData(@"^\Qa\E", "holds \\Q")]
    [InlineData("a^b", "has ^ elsewhere")]
    [InlineData("^a|b", "has ^ elsewhere")]
    [InlineData("(^a|b)c", "has ^ elsewhere")]
    public void What_could_take_endless_time_or_is_not_read_is_refused(string pattern, string problem) =>
        Assert.Contains(problem, Patterns.Read(pattern).Problem, StringComparison.Ordinal);

    [Fact]
    public void What_is_too_long_or_too_deep_is_refused()
    {
        Assert.Contains("longer than 1024", Patterns.Read(new string('a', 64 * 1024)).Problem, StringComparison.Ordinal);
        Assert.Contains("when it is written in full", Patterns.Read(new string(' ', 1000)).Problem, StringComparison.Ordinal);
        Assert.Contains("half a character", Patterns.Read("^\ud800").Problem, StringComparison.Ordinal);
        Assert.Contains("groups in more than", Patterns.Read(new string('(', 1000)).Problem, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(@"https?://(www\.)?shop\.example(:\d+)?", "https://shop.example", true)]
    [InlineData(@"https?://(www\.)?shop\.example(:\d+)?", "https://shop.example.evil.example", false)]
    [InlineData(@"https?://(www\.)?shop\.example(:\d+)?", "http://evil.example/https://shop.example", false)]
    [InlineData("^https://a$|^https://b$", "https://b", true)]
    [InlineData("https://a|b", "xb", false)]
    public void The_whole_of_a_text_can_be_asked_for(string pattern, string text, bool holds) =>
        Assert.Equal(holds, Regex.IsMatch(text, Patterns.ReadWhole(pattern).Text, RegexOptions.None, Limit));

    [Theory]
    [InlineData("/a.b(c)", "/a.b(c)", true)]
    [InlineData("/a.b", "/axb", false)]
    [InlineData("/ä~", "/%C3%a4~", true)]
    public void A_path_is_quoted(string path, string text, bool holds) =>
        Assert.Equal(holds, Regex.IsMatch(text, $"^{Patterns.Quote(path)}$", RegexOptions.None, Limit));

    /// <summary>An independent engine has the same match and groups for both, on texts made of the expression's own characters.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public void What_is_written_matches_what_was_meant(int seed)
    {
        var random = new Random(seed);
        var read = 0;
        for (var i = 0; i < 1000; i++)
        {
            var pattern = (random.Next(2) == 0 ? "^" : "") + Choice(random, 3);
            var reading = Patterns.Read(pattern);
            if (reading.Problem is not null)
                continue;
            read++;
            Assert.True(SafePattern.IsSafe(reading.Text), reading.Text);
            var original = new Regex(pattern, RegexOptions.CultureInvariant, Limit);
            var written = new Regex(reading.Text, RegexOptions.CultureInvariant, Limit);
            for (var j = 0; j < 20; j++)
            {
                var text = string.Concat(Enumerable.Range(0, random.Next(12)).Select(_ => "ab1/ .-_"[random.Next(8)]));
                Assert.True(Told(original.Match(text)) == Told(written.Match(text)), $"{pattern} as {reading.Text} on \"{text}\"");
            }
        }

        Assert.InRange(read, 150, 1000);
        static string Told(Match match) => match.Success ? string.Join('|', match.Groups.Values.Skip(1).Select(static group => $"{group.Index}+{group.Length}")) : "none";
    }

    /// <summary>Every expression that is taken is fast where one way after the other is tried.</summary>
    [Fact]
    public void Nothing_that_is_taken_takes_endless_time()
    {
        var random = new Random(7);
        var slow = new StringBuilder();
        for (var i = 0; i < 1000; i++)
        {
            var reading = Patterns.Read(Choice(random, 4) + "$");
            if (reading.Problem is not null)
                continue;
            try
            {
                _ = new Regex(reading.Text, RegexOptions.None, Limit).IsMatch(string.Concat(Enumerable.Repeat("ab", 150)) + "!");
            }
            catch (RegexMatchTimeoutException)
            {
                slow.AppendLine(reading.Text);
            }
        }

        Assert.Equal("", slow.ToString());
    }

    private static string Choice(Random random, int depth) =>
        string.Join('|', Enumerable.Range(0, random.Next(4) == 0 ? 2 : 1).Select(_ => string.Concat(Enumerable.Range(0, random.Next(1, 5)).Select(_ => Part(random, depth)))));

    private static string Part(Random random, int depth)
    {
        string[] atoms = ["a", "b", "1", "/", ".", "[ab]", "[^/]", @"\d", @"\w", @"\s", @"\.", "[a-b1]", " ", @"\b", "$", "-"];
        string[] repeats = ["", "", "", "", "*", "+", "?", "{2}", "{1,3}", "*?", "??"];
        var atom = depth > 0 && random.Next(4) == 0 ? $"({(random.Next(2) == 0 ? "?:" : "")}{Choice(random, depth - 1)})" : atoms[random.Next(atoms.Length)];
        return atom is @"\b" or "$" ? atom : atom + repeats[random.Next(repeats.Length)];
    }
}
