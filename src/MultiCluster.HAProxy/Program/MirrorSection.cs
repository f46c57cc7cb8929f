using System.Globalization;
using System.Text;
using MultiCluster.HAProxy.Policies;

namespace MultiCluster.HAProxy.Program;

/// <summary>
/// Copies of requests, as they came, go to the agent by a task of their own that nobody waits for. Only for a body that is short, and to be copied,
/// a request waits, for no longer than it takes its client to send it: when the time of the rule is over HAProxy answers 408, so it is longer than
/// clients may take anyway.
/// </summary>
internal static class MirrorSection
{
    public static void Append(StringBuilder text, ProgramPaths paths) => text.Append(CultureInfo.InvariantCulture, $$"""
            http-request set-var(txn.mirror) {{PolicySection.Value(PolicyFlags.Mirror, paths)}} if { {{PolicySection.Has(PolicyFlags.Mirror)}} } !{ req.fhdr_cnt({{MirrorData.Header}}) gt 0 }
            http-request set-var(txn.mirror_socket) str({{paths.MirrorSocket}}) if { var(txn.mirror) -m found }
            http-request wait-for-body time 10m if { var(txn.mirror) -m end {{MirrorData.WithBody}} } { req.fhdr_cnt(content-length) gt 0 } { req.body_size le {{MirrorData.MaxBody}} }
        .if feature(LUA)
            http-request lua.{{PolicyScript.Mirror}} if { var(txn.mirror) -m found }
        .endif

        """);
}
