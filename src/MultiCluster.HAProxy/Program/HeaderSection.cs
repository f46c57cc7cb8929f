using System.Globalization;
using System.Text;
using MultiCluster.HAProxy.Policies;

namespace MultiCluster.HAProxy.Program;

/// <summary>
/// Headers whose names are data, see <see cref="HeaderList"/>. HAProxy has rules for them from 3.4 on; before, those of <see cref="KnownHeaders"/>
/// have rules of their own, and all others a script, for 34,000 instructions at the least.
/// </summary>
/// <param name="Rules">Of which kind the rules are.</param>
/// <param name="Variable">It holds what the policy says.</param>
/// <param name="Known">Which names have rules.</param>
/// <param name="Script">The action of the script.</param>
internal sealed record HeaderSection(string Rules, string Variable, IReadOnlyList<string> Known, string Script)
{
    private static readonly (string Rule, string Part)[] Parts = [("del", "gone"), ("set", "set"), ("add", "added")];

    private string Bits => $"{Variable}_bits";

    /// <summary>The lists at the end of the value.</summary>
    public void AppendLists(StringBuilder text, string condition = "")
    {
        for (var i = 0; i < Parts.Length; i++)
        {
            var list = string.Create(CultureInfo.InvariantCulture, $"var({Variable}),field({i - Parts.Length},|)");
            text.Append(CultureInfo.InvariantCulture, $"    {Rules} {Parts[i].Rule}-headers-bin {list},ub64dec if {{ {list} -m len gt 0 }}{condition}\n");
        }
    }

    public void AppendBits(StringBuilder text) => text.Append(CultureInfo.InvariantCulture, $"    {Rules} set-var({Bits}) var({Variable}),field(1,|),add(0)\n");

    public void AppendKnown(StringBuilder text, int first, int count)
    {
        for (var i = first; i < first + count; i++)
            text.Append(CultureInfo.InvariantCulture, $"    {Rules} set-header {Known[i]} %[var({Variable}),field({KnownHeaders.FirstField + i},|),ub64dec] if {{ var({Bits}),and({KnownHeaders.BitOf(i)}) -m bool }}\n");
    }

    public void AppendScript(StringBuilder text)
    {
        var rest = string.Create(CultureInfo.InvariantCulture, $"{{ var({Bits}),and({KnownHeaders.Rest}) -m bool }}");
        text.Append(".if feature(LUA)\n");
        for (var i = 0; i < Parts.Length; i++)
            text.Append(CultureInfo.InvariantCulture, $"    {Rules} set-var({Variable}_{Parts[i].Part}) var({Variable}),field({i + 2},|),ub64dec if {rest}\n");
        text.Append(CultureInfo.InvariantCulture, $$"""
                {{Rules}} lua.{{Script}} if {{rest}}
            .else
                {{Rules}} return status 501 content-type text/plain string "this HAProxy has no Lua\n" if {{rest}}
            .endif

            """);
    }
}
