using System.Globalization;
using System.Text;
using MultiCluster.HAProxy.Policies;
using MultiCluster.Model.Routing;

namespace MultiCluster.HAProxy.Program;

/// <summary>Requests whose backend has no server that can take them go to another one, of which there is one for each Ingress that wants it.</summary>
internal static class FallbackSection
{
    public static void Append(StringBuilder text, ProgramPaths paths)
    {
        const string Spare = "{ var(txn.spare) -m found }";
        text.Append(CultureInfo.InvariantCulture, $$"""
                http-request set-var(txn.spare) {{PolicySection.Value(PolicyFlags.Fallback, paths)}} if { {{PolicySection.Has(PolicyFlags.Fallback)}} }
                http-request unset-var(txn.spare) if {{Spare}} { var(txn.route),field(1,|),nbsrv gt 0 }
                http-request set-var(txn.route) str({{RouteKey.FallbackMark}}),concat(,txn.spare),map_str({{paths.Full(ProgramPaths.DefaultMap)}}) if {{Spare}}

            """);
    }
}
