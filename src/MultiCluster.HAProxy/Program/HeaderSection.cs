using System.Globalization;
using System.Text;
using MultiCluster.HAProxy.Policies;

namespace MultiCluster.HAProxy.Program;

/// <summary>
/// Headers whose names are data, see <see cref="HeaderList"/>. HAProxy has rules for them from 3.4 on; before, a script does it, for 24,000
/// instructions at the least.
/// </summary>
internal static class HeaderSection
{
    private static readonly (string Rule, string Part)[] Parts = [("del", "gone"), ("set", "set"), ("add", "added")];

    /// <param name="rules">Of which kind the rules are.</param>
    /// <param name="variable">It holds what the policy says.</param>
    /// <param name="script">The action of the script.</param>
    public static void Append(StringBuilder text, string rules, string variable, string script)
    {
        text.Append(".if version_atleast(3.4)\n");
        for (var i = 0; i < Parts.Length; i++)
            text.Append(CultureInfo.InvariantCulture, $"    {rules} {Parts[i].Rule}-headers-bin var({variable}),field({i + 1},|),ub64dec if {{ var({variable}),field({i + 1},|) -m len gt 0 }}\n");
        text.Append(".elif feature(LUA)\n");
        for (var i = 0; i < Parts.Length; i++)
            text.Append(CultureInfo.InvariantCulture, $"    {rules} set-var({variable}_{Parts[i].Part}) var({variable}),field({i + 1},|),ub64dec if {{ var({variable}) -m found }}\n");
        text.Append(CultureInfo.InvariantCulture, $$"""
                {{rules}} lua.{{script}} if { var({{variable}}) -m found }
            .else
                {{rules}} return status 501 content-type text/plain string "this HAProxy has no Lua\n" if { var({{variable}}) -m found }
            .endif

            """);
    }
}
