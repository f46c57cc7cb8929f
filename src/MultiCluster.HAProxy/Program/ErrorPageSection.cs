using System.Globalization;
using System.Text;
using MultiCluster.HAProxy.Policies;

namespace MultiCluster.HAProxy.Program;

/// <summary>
/// What clients get of answers that no endpoint gave. HAProxy works the text of an answer out when it gives it, so that one text of this
/// configuration is every policy's: what the policy of the request has for the status, or what everybody gets. An answer that is a policy's bears a
/// mark, by which status and headers are given to it afterwards.
/// </summary>
internal static class ErrorPageSection
{
    private const string Mark = "x-multicluster-page";

    public const string Paged = "{ var(txn.paged) -m found }";

    /// <summary>Statuses that versions get that can set a fixed one only.</summary>
    private static readonly int[] Codes = [200, 301, 302, 303, 307, 308, 400, 401, 403, 404, 410, 418, 429, 451, 500, 501, 502, 503, 504];

    /// <summary>Of answers that HAProxy has a text of its own for. It is one line: versions before 3.2 write a line's end percent-encoded.</summary>
    private static readonly (int Status, string Title, string Text)[] Own =
    [
        (400, "Bad request", "Your browser sent an invalid request."),
        (403, "Forbidden", "Request forbidden by administrative rules."),
        (408, "Request Time-out", "Your browser didn't send a complete request in time."),
        (500, "Internal Server Error", "An internal server error occurred."),
        (502, "Bad Gateway", "The server returned an invalid or incomplete response."),
        (503, "Service Unavailable", "No server is available to handle this request."),
        (504, "Gateway Time-out", "The server didn't respond in time."),
    ];

    /// <summary>In the <c>defaults</c> of all that is about requests.</summary>
    public static void AppendOwn(StringBuilder text, ProgramPaths paths)
    {
        foreach (var (status, title, words) in Own)
            text.Append(CultureInfo.InvariantCulture, $"    http-error status {status} content-type text/html {Body(status, $"<html><body><h1>{status} {title}</h1> {words} </body></html>", paths)} hdr cache-control no-cache\n");
    }

    /// <summary>Of an answer of ours: arguments that stand in the place of <c>string</c>.</summary>
    /// <param name="otherwise">Of requests whose policy has none.</param>
    public static string Body(int status, string otherwise, ProgramPaths paths) => string.Create(
        CultureInfo.InvariantCulture,
        $"lf-string \"%[var(txn.policy,-),concat(:,txn.paged,{status}),map_str({paths.Full(ProgramPaths.PolicyMap)},{ErrorPageData.Start}{PolicyWriter.Text(otherwise)}),field(2,|),ub64dec]\" hdr {Mark} \"%[var(txn.paged)]\"");

    /// <summary>Before anything is refused. The variable has the letter under which the bodies are that this version can write.</summary>
    public static void AppendKept(StringBuilder text) => text.Append(CultureInfo.InvariantCulture, $$"""
        .if version_atleast(3.2)
            http-request set-var(txn.paged) str({{PolicyFlags.Body}}) if { {{PolicySection.Has(PolicyFlags.ErrorPages)}} }
        .else
            http-request set-var(txn.paged) str({{PolicyFlags.OneLine}}) if { {{PolicySection.Has(PolicyFlags.ErrorPages)}} }
        .endif

        """);

    /// <summary>Of answers with the mark the policy may have no page, since it has some of others.</summary>
    public static void AppendAnswers(StringBuilder text, ProgramPaths paths)
    {
        const string Dressed = "{ var(txn.page) -m found }";
        text.Append(CultureInfo.InvariantCulture, $$"""
                acl marked res.hdr({{Mark}}) -m found
                http-after-response set-var(txn.given) status if {{Paged}} marked
                http-after-response set-var(txn.page) {{PolicySection.Value(PolicyFlags.ErrorPages, "txn.given", paths)}} if {{Paged}} marked
                http-after-response del-header {{Mark}} if {{Paged}}
            .if feature(LUA) && version_atleast(3.0)
                http-after-response set-var(txn.page) var(txn.page),field(2,|),ub64dec if {{Dressed}}
                http-after-response lua.{{PolicyScript.DressPage}} if {{Dressed}}
            .else
                http-after-response del-header content-type if {{Dressed}}
                http-after-response del-header cache-control if {{Dressed}}

            """);
        foreach (var code in Codes)
            text.Append(CultureInfo.InvariantCulture, $"    http-after-response set-status {code} if {Dressed} {{ var(txn.page),field(1,|) -m str {code} }} !{{ status {code} }}\n");
        for (var i = 0; i < ErrorPageData.Fields.Count; i++)
        {
            var field = string.Create(CultureInfo.InvariantCulture, $"var(txn.page),field({i + 3},|),ub64dec");
            text.Append(CultureInfo.InvariantCulture, $"    http-after-response set-header {ErrorPageData.Fields[i]} %[{field}] if {Dressed} {{ {field} -m len gt 0 }}\n");
        }

        text.Append(".endif\n");
    }
}
