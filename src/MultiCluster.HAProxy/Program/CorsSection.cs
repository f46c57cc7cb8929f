using System.Globalization;
using System.Text;
using MultiCluster.HAProxy.Policies;

namespace MultiCluster.HAProxy.Program;

/// <summary>
/// Pages of other origins: their question beforehand is answered here, for an origin that is not allowed with nothing that allows it. What is
/// said to the others is kept for the answer, see <see cref="AnswerSection"/>.
/// </summary>
internal static class CorsSection
{
    public static void Append(StringBuilder text, ProgramPaths paths)
    {
        text.Append(CultureInfo.InvariantCulture, $$"""
                acl crosses {{PolicySection.Has(PolicyFlags.Cors)}}
                acl shared var(txn.shared) -m found
                acl crosses_all {{PolicySection.Has(PolicyFlags.AnyOrigin)}}
                acl crosses_each {{PolicySection.Has(PolicyFlags.EachOrigin)}}
                acl crosses_some {{PolicySection.Has(PolicyFlags.OriginPatterns)}}
                http-request set-var(txn.cors) {{PolicySection.Value(PolicyFlags.Cors, paths)}} if crosses
                http-request set-var(txn.answers) bool(true) if crosses
                http-request set-var(txn.varies) bool(true) if crosses !crosses_all
                http-request set-var(txn.origin) req.fhdr(origin) if crosses
                http-request set-var(txn.shared) str(*) if crosses_all
                http-request set-var(txn.shared) var(txn.origin) if crosses_each
                http-request set-var(txn.asker) var(txn.origin),lower if crosses !shared
                http-request set-var(txn.allowed) {{PolicySection.Value(PolicyFlags.Origin, "txn.asker", paths)}} if crosses !shared
                http-request set-var(txn.family) 'var(txn.asker),regsub("^([a-z][a-z0-9+.-]*://)[a-z0-9_-]+[.]",\1*.)' if crosses !shared
                http-request set-var(txn.allowed) {{PolicySection.Value(PolicyFlags.Origin, "txn.family", paths)}} if crosses !shared !{ var(txn.allowed) -m found }

            """);
        PolicySection.Match(text, paths, "txn.allowed", PolicyFlags.Cors, "txn.asker", "crosses_some !shared !{ var(txn.allowed) -m found }");
        text.Append("""
                http-request set-var(txn.shared) var(txn.origin) if crosses { var(txn.allowed) -m found } !{ var(txn.asker) -m sub * }
                acl asks_first req.hdr(access-control-request-method) -m found
                http-request return status 204 hdr access-control-allow-methods "%[var(txn.cors),field(1,|),ub64dec]" hdr access-control-allow-headers "%[var(txn.cors),field(2,|),ub64dec]" hdr access-control-max-age "%[var(txn.cors),field(5,|)]" if crosses METH_OPTIONS asks_first shared { var(txn.origin) -m found } !located
                http-request return status 204 if crosses METH_OPTIONS asks_first { var(txn.origin) -m found } !located

            """);
    }
}
