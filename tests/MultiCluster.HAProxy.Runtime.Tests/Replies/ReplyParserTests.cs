using MultiCluster.HAProxy.Runtime.Replies;
using MultiCluster.HAProxy.Runtime.Tests.Support;

namespace MultiCluster.HAProxy.Runtime.Tests.Replies;

public sealed class ReplyParserTests
{
    private const string Refusal = "Unknown command: 'shwo'";

    [Fact]
    public void A_refusal_is_an_error_everywhere()
    {
        string?[] errors =
        [
            WorkerInfo.Parse(Refusal).Error, MapFiles.Parse(Refusal).Error, MapEntries.Parse(Refusal).Error, ServerStates.Parse(Refusal).Error,
            CertificateNames.Parse(Refusal).Error, CertificateListEntries.Parse(Refusal).Error, NameLists.ParseBackends(Refusal).Error,
            StatRows.Parse(Refusal).Error,
        ];
        Assert.All(errors, error => Assert.Contains(Refusal, error, StringComparison.Ordinal));
    }

    [Fact]
    public void Entries_carry_the_number_by_which_HAProxy_takes_them()
    {
        var entries = MapEntries.Parse("0x7f61f5011200 a x\n0x1 we\"ird/x y\n0xno b\n").Value!;
        Assert.Equal([0x7f61f5011200ul, 1ul], entries.Select(static entry => entry.Number));
        Assert.Equal("y\n0xno b", entries[1].Value);
    }

    [Fact]
    public void An_empty_map_has_no_entries() => Assert.Empty(MapEntries.Parse("").Value!);

    [Fact]
    public void Characters_that_end_lines_elsewhere_belong_to_a_map_s_value()
    {
        var entries = MapEntries.Parse("0x1 a x\u2028y\n0x2 b \u0085\u000c\n0x3 c").Unnumbered();
        Assert.Equal([new("a", "x\u2028y"), new("b", "\u0085\u000c"), new MapEntry("c", "")], entries);
    }

    [Fact]
    public void A_value_that_holds_a_line_end_stays_with_its_key() => Assert.Equal(
        [new("key", "\nb v"), new MapEntry("c", "d")], MapEntries.Parse("0x1 key\nb v\n0x2 c d").Unnumbered());

    [Fact]
    public void A_map_without_a_file_is_left_out() => Assert.Empty(MapFiles.Parse(
        "# id (file) description\n-1 () pattern loaded from static values. curr_ver=0 next_ver=0 entry_cnt=0").Value!);

    [Fact]
    public void A_server_line_cut_short_is_an_error() => Assert.False(ServerStates.Parse("1\n# be_id\n3 s1 1 p1 10.0.0.1 2 0").IsOk);

    [Fact]
    public void A_crt_list_entry_may_have_neither_options_nor_filters()
    {
        var entry = Assert.Single(CertificateListEntries.Parse("# /l\n/certs/a:b.pem:12").Value!);
        Assert.Equal(("/certs/a:b.pem", 12, ""), (entry.Certificate, entry.Line, entry.Options));
        Assert.Empty(entry.Filters);
    }

    [Fact]
    public void Statistics_with_quotes_and_unknown_columns()
    {
        var row = Assert.Single(StatRows.Parse("# pxname,svname,last_chk,new,scur,econ,\nb,s,\"a, \"\"b\"\"\",9,3,4,").Value!);
        Assert.Equal(("b", "s", 3, 4), (row.Proxy, row.Service, row.Sessions, row.ConnectErrors));
    }
}
