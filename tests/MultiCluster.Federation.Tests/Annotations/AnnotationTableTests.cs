using MultiCluster.Federation.Annotations;

namespace MultiCluster.Federation.Tests.Annotations;

public sealed class AnnotationTableTests
{
    private const string Heading = "key\tplaces\tscope\tvalue\tdefault\tdone\tpolicy\talias of\tstatus\trisk\tnote\n";
    private const string Good = "a\tig\t-\tbool\ttrue\tfalse\tthing\t-\tplanned\tlow\t-\n";

    private static readonly Dictionary<string, string> Policies = new(StringComparer.Ordinal) { ["thing"] = "A thing", ["other"] = "Another" };

    [Fact]
    public void A_line_is_an_entry()
    {
        var entry = Assert.Single(AnnotationTable.Entries("t.tsv", Heading + Good, Policies));
        Assert.Equal(
            ("a", AnnotationPlaces.Ingress | AnnotationPlaces.Global, "bool", "true", "thing", AnnotationStatus.Planned, AnnotationRisk.Low),
            (entry.Key, entry.Places, entry.Value.Spec, entry.Default, entry.Policy, entry.Status, entry.Risk));
        Assert.Equal(["false"], entry.Done);
        Assert.Null(entry.Note);
    }

    [Theory]
    [InlineData("t.tsv:1: the headings are", "key\tplaces\n")]
    [InlineData("t.tsv:2: the last line has no end", Heading + "a")]
    [InlineData("t.tsv:2: 2 cells, not 11", Heading + "a\tb\n")]
    [InlineData("t.tsv:2: cell 5 is empty", Heading + "a\tig\t-\tbool\t\tfalse\tthing\t-\tplanned\tlow\t-\n")]
    [InlineData("t.tsv:2: cell 11 is empty or has blanks", Heading + "a\tig\t-\tbool\t-\tfalse\tthing\t-\tplanned\tlow\t- \n")]
    [InlineData("t.tsv:3: a comes after a", Heading + Good + Good)]
    [InlineData("t.tsv:2: places are letters", Heading + "a\tix\t-\tbool\t-\t-\tthing\t-\tplanned\tlow\t-\n")]
    [InlineData("t.tsv:2: places are letters", Heading + "a\tii\t-\tbool\t-\t-\tthing\t-\tplanned\tlow\t-\n")]
    [InlineData("t.tsv:2: a key of scope global", Heading + "a\tig\tglobal\tbool\t-\t-\tthing\t-\tplanned\tlow\t-\n")]
    [InlineData("t.tsv:2: a key of scope global", Heading + "a\tg\tpath\tbool\t-\t-\tthing\t-\tplanned\tlow\t-\n")]
    [InlineData("t.tsv:2: numbers is no kind", Heading + "a\tig\t-\tnumbers\t-\t-\tthing\t-\tplanned\tlow\t-\n")]
    [InlineData("t.tsv:2: int:5..1 is no kind", Heading + "a\tig\t-\tint:5..1\t-\t-\tthing\t-\tplanned\tlow\t-\n")]
    [InlineData("t.tsv:2: enum:a,,b is no kind", Heading + "a\tig\t-\tenum:a,,b\t-\t-\tthing\t-\tplanned\tlow\t-\n")]
    [InlineData("t.tsv:2: done holds x", Heading + "a\tig\t-\tbool\t-\tx\tthing\t-\tplanned\tlow\t-\n")]
    [InlineData("t.tsv:2: policy none is not", Heading + "a\tig\t-\tbool\t-\t-\tnone\t-\tplanned\tlow\t-\n")]
    [InlineData("t.tsv:2: Planned is no word of column 9", Heading + "a\tig\t-\tbool\t-\t-\tthing\t-\tPlanned\tlow\t-\n")]
    [InlineData("t.tsv:2: what differs, is needless or refused", Heading + "a\tig\t-\tbool\t-\t-\tthing\t-\trefused\tlow\t-\n")]
    [InlineData("t.tsv:2: what differs, is needless or refused", Heading + "a\tig\t-\tbool\t-\t-\tthing\t-\tdiffers\tlow\t-\n")]
    [InlineData("t.tsv: b is an alias of z", Heading + Good + "b\tig\t-\tbool\t-\t-\tthing\tz\tplanned\tlow\t-\n")]
    [InlineData("t.tsv: b is an alias of a", Heading + Good + "b\tig\t-\tbool\t-\t-\tother\ta\tplanned\tlow\t-\n")]
    [InlineData("t.tsv: b is an alias of b", Heading + Good + "b\tig\t-\tbool\t-\t-\tthing\tb\tplanned\tlow\t-\n")]
    public void A_table_that_is_wrong_anywhere_is_none(string expected, string text) =>
        Assert.StartsWith(expected, Assert.Throws<FormatException>(() => AnnotationTable.Entries("t.tsv", text, Policies)).Message, StringComparison.Ordinal);
}
