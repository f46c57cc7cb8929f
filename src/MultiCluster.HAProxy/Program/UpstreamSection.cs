using System.Globalization;
using System.Text;
using MultiCluster.HAProxy.Policies;

namespace MultiCluster.HAProxy.Program;

/// <summary>What endpoints see of a request, and how long they may take.</summary>
internal static class UpstreamSection
{
    public static void Append(StringBuilder text, ProgramPaths paths)
    {
        text.Append(CultureInfo.InvariantCulture, $$"""
                http-request set-var(txn.dress) {{PolicySection.Value(PolicyFlags.ResponseHeaders, paths)}} if { {{PolicySection.Has(PolicyFlags.ResponseHeaders)}} }
                http-request set-var(txn.rewritten) {{PolicySection.Value(PolicyFlags.Rewritten, paths)}} if { {{PolicySection.Has(PolicyFlags.Rewritten)}} }
                http-request set-var(txn.replies) bool(true) if { {{PolicySection.Has(PolicyFlags.ResponseHeaders, PolicyFlags.Rewritten)}} }
                http-request set-var(txn.changes) {{PolicySection.Value(PolicyFlags.RequestHeaders, paths)}} if { {{PolicySection.Has(PolicyFlags.RequestHeaders)}} }
                http-request set-var(txn.forwarded) {{PolicySection.Value(PolicyFlags.ForwardedFor, paths)}} if { {{PolicySection.Has(PolicyFlags.ForwardedFor)}} }
                http-request set-header x-forwarded-for %[src] if { var(txn.forwarded) -m str {{UpstreamData.Replace}} }
                http-request del-header x-forwarded-for if { var(txn.forwarded) -m str {{UpstreamData.Remove}} }
                http-request set-header x-forwarded-prefix %[{{PolicySection.Value(PolicyFlags.ForwardedPrefix, paths)}},ub64dec] if { {{PolicySection.Has(PolicyFlags.ForwardedPrefix)}} }
                http-request set-header host %[{{PolicySection.Value(PolicyFlags.UpstreamHost, paths)}},ub64dec] if { {{PolicySection.Has(PolicyFlags.UpstreamHost)}} }

            """);
        HeaderSection.Append(text, "http-request", "txn.changes", PolicyScript.RequestHeaders);
        Times(text, paths);
    }

    /// <summary>Older versions can't change how long a connection or a place in the queue is waited for.</summary>
    private static void Times(StringBuilder text, ProgramPaths paths) => text.Append(CultureInfo.InvariantCulture, $$"""
            http-request set-var(txn.times) {{PolicySection.Value(PolicyFlags.Timeouts, paths)}} if { {{PolicySection.Has(PolicyFlags.Timeouts)}} }
            http-request set-timeout server var(txn.times),field(1,|),add(0) if { var(txn.times),field(1,|) -m found }
            http-request set-timeout tunnel var(txn.times),field(2,|),add(0) if { var(txn.times),field(2,|) -m found }
        .if version_atleast(3.4)
            http-request set-timeout connect var(txn.times),field(3,|),add(0) if { var(txn.times),field(3,|) -m found }
            http-request set-timeout queue var(txn.times),field(4,|),add(0) if { var(txn.times),field(4,|) -m found }
        .endif

        """);
}
