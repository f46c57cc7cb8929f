using System.Globalization;
using System.Text;
using MultiCluster.HAProxy.Policies;

namespace MultiCluster.HAProxy.Program;

/// <summary>
/// Pages of other origins: their question beforehand is answered here, for an origin that is not allowed with nothing that allows it. Whether
/// it is allowed is found out when there is an answer, whoever gives it.
/// </summary>
internal static class CorsSection
{
    private const string Listed = "{ var(txn.cors_asker) -m found } !{ var(txn.allowed) -m found }";

    public static void Append(StringBuilder text, ProgramPaths paths) => text.Append(CultureInfo.InvariantCulture, $$"""
            acl crosses var(txn.cors) -m found
            acl asks_first req.hdr(access-control-request-method) -m found
            http-request set-var(txn.cors) {{PolicySection.Value(PolicyFlags.Cors, paths)}} if { {{PolicySection.Has(PolicyFlags.Cors)}} }
            http-request set-var(txn.origin) req.fhdr(origin) if crosses
            http-request set-var(txn.answer) str({{AnswerBackend.Preflight}}) if { var(txn.origin) -m found } METH_OPTIONS asks_first !answered

        """);

    public static void AppendAnswers(StringBuilder text, ProgramPaths paths)
    {
        text.Append(CultureInfo.InvariantCulture, $$"""
                acl shared var(txn.shared) -m found
                acl preflight var(txn.answer) -m str {{AnswerBackend.Preflight}}
                http-after-response allow if !crosses !{{ErrorPageSection.Paged}}
                http-after-response set-var(txn.shared) str(*) if crosses { {{PolicySection.Has(PolicyFlags.AnyOrigin)}} }
                http-after-response add-header vary origin if crosses !shared
                http-after-response set-var(txn.shared) var(txn.origin) if crosses !shared { {{PolicySection.Has(PolicyFlags.EachOrigin)}} }

            """);
        Headers(text);
        text.Append(CultureInfo.InvariantCulture, $$"""
                http-after-response allow if shared !{{ErrorPageSection.Paged}}
                http-after-response set-var(txn.cors_asker) var(txn.origin),lower if crosses !shared
                http-after-response set-var(txn.allowed) {{PolicySection.Value(PolicyFlags.Origin, "txn.cors_asker", paths)}} if { var(txn.cors_asker) -m found }
                http-after-response set-var(txn.family) 'var(txn.cors_asker),regsub("^([a-z][a-z0-9+.-]*://)[a-z0-9_-]+[.]",\1*.)' if {{Listed}}
                http-after-response set-var(txn.allowed) {{PolicySection.Value(PolicyFlags.Origin, "txn.family", paths)}} if {{Listed}}

            """);
        PolicySection.Match(text, paths, "txn.allowed", PolicyFlags.Cors, "txn.cors_asker", $"{Listed} {{ {PolicySection.Has(PolicyFlags.OriginPatterns)} }}", "http-after-response");
        text.Append("""
                http-after-response set-var(txn.shared) var(txn.origin) if { var(txn.allowed) -m found } !{ var(txn.cors_asker) -m sub * }

            """);
        Headers(text);
    }

    /// <summary>An Ingress's page may have taken what was said.</summary>
    public static void AppendAgain(StringBuilder text)
    {
        text.Append(CultureInfo.InvariantCulture, $$"""
                http-after-response add-header vary origin if crosses !{ {{PolicySection.Has(PolicyFlags.AnyOrigin)}} } !{ res.hdr(vary) -i -m str origin }

            """);
        Headers(text);
    }

    private static void Headers(StringBuilder text) => text.Append(CultureInfo.InvariantCulture, $$"""
            http-after-response set-header access-control-allow-origin %[var(txn.shared)] if shared
            http-after-response set-header access-control-allow-credentials true if shared { var(txn.cors),field(4,|) -m str {{CorsData.Credentials}} }
            http-after-response set-header access-control-expose-headers %[var(txn.cors),field(3,|),ub64dec] if shared { var(txn.cors),field(3,|) -m len gt 0 }
            http-after-response set-header access-control-allow-methods %[var(txn.cors),field(1,|),ub64dec] if shared preflight
            http-after-response set-header access-control-allow-headers %[var(txn.cors),field(2,|),ub64dec] if shared preflight
            http-after-response set-header access-control-max-age %[var(txn.cors),field(5,|)] if shared preflight

        """);
}
