using System.Globalization;
using System.Text;
using MultiCluster.HAProxy.Policies;

namespace MultiCluster.HAProxy.Program;

/// <summary>What endpoints see of a request, and how long they may take.</summary>
internal static class UpstreamSection
{
    private static readonly HeaderSection Usual = new("http-request", "txn.heads", KnownHeaders.OfRequests, PolicyScript.RequestHeaders);

    private static readonly HeaderSection More = Usual with { Variable = "txn.changes" };

    /// <summary>
    /// How long is waited, and what an answer will be changed to. Where there is nothing to take, a rule that takes it does nothing, and has no
    /// condition that would cost the same once more. Older versions can't change how long a connection or a place in the queue is waited for.
    /// </summary>
    public static void AppendSettings(StringBuilder text, ProgramPaths paths) => text.Append(CultureInfo.InvariantCulture, $$"""
            http-request set-var(txn.times) {{PolicySection.Value(PolicyFlags.Timeouts, paths)}} if { {{PolicySection.Has(PolicyFlags.Timeouts)}} }
            http-request set-timeout server var(txn.times),field(1,|),add(0)
            http-request set-timeout tunnel var(txn.times),field(2,|),add(0)
        .if version_atleast(3.4)
            http-request set-timeout connect var(txn.times),field(3,|),add(0)
            http-request set-timeout queue var(txn.times),field(4,|),add(0)
        .endif
            http-request set-var(txn.dress) {{PolicySection.Value(PolicyFlags.ResponseHeaders, paths)}} if { {{PolicySection.Has(PolicyFlags.ResponseHeaders, PolicyFlags.MoreResponseHeaders)}} }
            http-request set-var(txn.rewritten) {{PolicySection.Value(PolicyFlags.Rewritten, paths)}} if { {{PolicySection.Has(PolicyFlags.Rewritten)}} }

        """);

    public static void AppendHeaders(StringBuilder text, ProgramPaths paths)
    {
        text.Append(CultureInfo.InvariantCulture, $"    http-request set-var(txn.heads) {PolicySection.Value(PolicyFlags.RequestHeaders, paths)} if {{ {PolicySection.Has(PolicyFlags.RequestHeaders)} }}\n.if version_atleast(3.4)\n");
        Usual.AppendLists(text);
        text.Append(".else\n");
        Usual.AppendBits(text);
        Usual.AppendKnown(text, 0, KnownHeaders.Usual);
        text.Append(".endif\n");
    }

    public static void AppendMoreHeaders(StringBuilder text, ProgramPaths paths)
    {
        text.Append(CultureInfo.InvariantCulture, $$"""
                http-request set-var(txn.forwarded) {{PolicySection.Value(PolicyFlags.ForwardedFor, paths)}} if { {{PolicySection.Has(PolicyFlags.ForwardedFor)}} }
                http-request set-header x-forwarded-for %[src] if { var(txn.forwarded) -m str {{UpstreamData.Replace}} }
                http-request del-header x-forwarded-for if { var(txn.forwarded) -m str {{UpstreamData.Remove}} }
                http-request set-header x-forwarded-prefix %[{{PolicySection.Value(PolicyFlags.ForwardedPrefix, paths)}},ub64dec] if { {{PolicySection.Has(PolicyFlags.ForwardedPrefix)}} }
                http-request set-header host %[{{PolicySection.Value(PolicyFlags.UpstreamHost, paths)}},ub64dec] if { {{PolicySection.Has(PolicyFlags.UpstreamHost)}} }
                http-request set-var(txn.changes) {{PolicySection.Value(PolicyFlags.RequestHeaders, paths)}} if { {{PolicySection.Has(PolicyFlags.MoreRequestHeaders)}} }
            .if version_atleast(3.4)

            """);
        More.AppendLists(text);
        text.Append(".else\n");
        More.AppendBits(text);
        More.AppendKnown(text, 0, More.Known.Count);
        More.AppendScript(text);
        text.Append(".endif\n");
    }
}
