using System.Globalization;
using System.Text;
using MultiCluster.HAProxy.Policies;

namespace MultiCluster.HAProxy.Program;

/// <summary>What endpoints see of a request, and how long they may take.</summary>
internal static class UpstreamSection
{
    /// <summary>Expressions take time with the square of it.</summary>
    private const int LongestRewritten = 4096;

    public static void Append(StringBuilder text, ProgramPaths paths)
    {
        text.Append(CultureInfo.InvariantCulture, $$"""
                acl forwards {{PolicySection.Has(PolicyFlags.ForwardedFor)}}
                http-request set-var(txn.forwarded) {{PolicySection.Value(PolicyFlags.ForwardedFor, paths)}} if forwards
                http-request set-header x-forwarded-for %[src] if forwards { var(txn.forwarded) -m str {{UpstreamData.Replace}} }
                http-request del-header x-forwarded-for if forwards { var(txn.forwarded) -m str {{UpstreamData.Remove}} }
                http-request set-header x-forwarded-prefix %[{{PolicySection.Value(PolicyFlags.ForwardedPrefix, paths)}},ub64dec] if { {{PolicySection.Has(PolicyFlags.ForwardedPrefix)}} }
                http-request set-header host %[{{PolicySection.Value(PolicyFlags.UpstreamHost, paths)}},ub64dec] if { {{PolicySection.Has(PolicyFlags.UpstreamHost)}} }
                http-request set-var(txn.times) {{PolicySection.Value(PolicyFlags.Timeouts, paths)}} if { {{PolicySection.Has(PolicyFlags.Timeouts)}} }
                acl rewrites {{PolicySection.Has(PolicyFlags.Rewrites)}}
                http-request return status 414 if rewrites { path,length gt {{LongestRewritten}} }
                http-request set-var(txn.seen) path if rewrites

            """);
        PolicySection.Match(text, paths, "txn.renamed", PolicyFlags.Rewrites, "txn.seen", "rewrites");
        text.Append(CultureInfo.InvariantCulture, $$"""
                acl renamed var(txn.renamed) -m found
                http-request set-path %[var(txn.renamed)] if rewrites renamed { var(txn.renamed) -m beg / }
                http-request set-path /%[var(txn.renamed)] if rewrites renamed !{ var(txn.renamed) -m beg / }
                acl dresses {{PolicySection.Has(PolicyFlags.RequestHeaders)}}
                http-request set-var(txn.changes) {{PolicySection.Value(PolicyFlags.RequestHeaders, paths)}},ub64dec if dresses
            .if feature(LUA)
                http-request lua.{{PolicyScript.RequestHeaders}} if dresses
            .else
                http-request return status 501 content-type text/plain string "this HAProxy has no Lua\n" if dresses
            .endif

            """);
    }

    /// <summary>
    /// In the defaults of backends, where alone these can be said. Older versions can't change how long a connection or a place in the queue
    /// is waited for. A request without such a policy leaves at the first line.
    /// </summary>
    public static void AppendTimes(StringBuilder text, ForwardedHeaders forwarded)
    {
        ForwardedSection.Append(text, forwarded);
        AppendTimes(text);
    }

    private static void AppendTimes(StringBuilder text) => text.Append("""
            http-request allow if !{ var(txn.times) -m found }
            http-request set-timeout server var(txn.times),field(1,|),add(0) if { var(txn.times),field(1,|) -m found }
            http-request set-timeout tunnel var(txn.times),field(2,|),add(0) if { var(txn.times),field(2,|) -m found }
        .if version_atleast(3.4)
            http-request set-timeout connect var(txn.times),field(3,|),add(0) if { var(txn.times),field(3,|) -m found }
            http-request set-timeout queue var(txn.times),field(4,|),add(0) if { var(txn.times),field(4,|) -m found }
        .endif

        """);
}
