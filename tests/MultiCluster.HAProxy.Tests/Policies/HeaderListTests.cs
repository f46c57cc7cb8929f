using System.Buffers.Text;
using System.Text;
using MultiCluster.HAProxy.Policies;
using MultiCluster.Model.Policies;

namespace MultiCluster.HAProxy.Tests.Policies;

public sealed class HeaderListTests
{
    [Theory]
    [InlineData("set A 1", "", "A=1", "")]
    [InlineData("add A 1,add A 2", "", "", "A=1 A=2")]
    [InlineData("del A", "A", "", "")]
    [InlineData("set A 1,add a 2", "", "A=1", "A=2")]
    [InlineData("add A 1,set A 2", "", "A=2", "")]
    [InlineData("set A 1,del A", "A", "", "")]
    [InlineData("del A,add A 1", "", "A=1", "")]
    [InlineData("set A 1,set B 2,del C,add D 3", "C", "A=1 B=2", "D=3")]
    public void Changes_of_one_name_come_to_what_they_are_together(string changes, string gone, string set, string added)
    {
        var list = new HeaderList();
        foreach (var change in changes.Split(','))
        {
            var words = change.Split(' ');
            list.Change(words[0] switch { "set" => HeaderAction.Set, "add" => HeaderAction.Add, _ => HeaderAction.Delete }, words[1], words.ElementAtOrDefault(2) ?? "");
        }

        var parts = list.ToText().Split('|').Select(Read).ToList();
        Assert.Equal(gone, string.Join(' ', parts[0].SkipLast(1)));
        Assert.Equal([set, added], parts.Skip(1).Select(static part => string.Join(' ', part.SkipLast(2).Chunk(2).Select(static pair => $"{pair[0]}={pair[1]}"))));
    }

    /// <summary>MQ is 1, Mg 2; AUMBMgAA is C: 2.</summary>
    [Theory]
    [InlineData("set B 1", "4|||||MQ", true)]
    [InlineData("set b 1,set a 2", "6||||Mg|MQ", true)]
    [InlineData("set B 1,add B 2", "1", false)]
    [InlineData("del A", "1", false)]
    [InlineData("set C 1", "1", false)]
    [InlineData("set A 1,set C 2", "3||AUMBMgAA||MQ", false)]
    public void Known_headers_that_are_only_set_need_no_script(string changes, string before, bool isUsual)
    {
        var list = new HeaderList();
        foreach (var change in changes.Split(','))
        {
            var words = change.Split(' ');
            list.Change(words[0] switch { "set" => HeaderAction.Set, "add" => HeaderAction.Add, _ => HeaderAction.Delete }, words[1], words.ElementAtOrDefault(2) ?? "");
        }

        Assert.Equal(($"{before}|{list.ToText()}", isUsual), KnownHeaders.Write(list, ["a", "b"]));
    }

    /// <summary>By the table of haproxy's <c>intops.h</c>: 240 is where a second byte begins, 2288 a third.</summary>
    [Theory]
    [InlineData(239, "EF")]
    [InlineData(240, "F000")]
    [InlineData(255, "FF00")]
    [InlineData(256, "F001")]
    [InlineData(2287, "FF7F")]
    [InlineData(2288, "F08000")]
    public void A_length_is_in_HAProxys_own_form(int length, string expected)
    {
        var list = new HeaderList();
        list.Change(HeaderAction.Set, "a", new string('x', length));
        var bytes = Base64Url.DecodeFromChars(list.ToText().Split('|')[1]);
        Assert.Equal($"0161{expected}", Convert.ToHexString(bytes.AsSpan(0, 2 + (expected.Length / 2))));
        Assert.Equal(2 + (expected.Length / 2) + length + 2, bytes.Length);
    }

    private static List<string> Read(string part)
    {
        var bytes = Base64Url.DecodeFromChars(part);
        var texts = new List<string>();
        for (var at = 0; at < bytes.Length; at += bytes[at] + 1)
            texts.Add(Encoding.UTF8.GetString(bytes, at + 1, bytes[at]));
        return texts;
    }
}
