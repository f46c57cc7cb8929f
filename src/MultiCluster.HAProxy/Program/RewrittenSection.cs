using System.Text;

namespace MultiCluster.HAProxy.Program;

/// <summary>
/// Where endpoints say where they are, in redirections and cookies. HAProxy compares a header with an expression of its configuration alone, so
/// what is looked for, and what takes its place, is put before each line for the while, divided by a '|' that neither may hold, and an expression
/// finds the one within the other.
/// </summary>
internal static class RewrittenSection
{
    public const string Rewritten = "{ var(txn.rewritten) -m found }";

    private const string Domain = "{ var(txn.domain) -m found }";

    private const string Path = "{ var(txn.path_of) -m found }";

    public static void Append(StringBuilder text) => text.Append($$"""
            http-response set-var-fmt(txn.relocated) "%[var(txn.rewritten),field(1,|),ub64dec]|%[var(txn.rewritten),field(2,|),ub64dec]|%[res.fhdr(location)]" if {{Rewritten}} { var(txn.rewritten),field(1,|) -m len gt 0 } { res.fhdr(location) -m found }
            http-response set-var(txn.relocated) 'var(txn.relocated),regsub("^([^|]+)[|]([^|]*)[|]\1(.*)$",=\2\3)' if {{Rewritten}} { var(txn.relocated) -m found }
            http-response set-header location %[var(txn.relocated),bytes(1)] if {{Rewritten}} { var(txn.relocated) -m beg = }
            http-response set-var-fmt(txn.domain) "%[var(txn.rewritten),field(3,|),ub64dec]|%[var(txn.rewritten),field(4,|),ub64dec]" if {{Rewritten}} { var(txn.rewritten),field(3,|) -m len gt 0 }
            http-response replace-header set-cookie ^(.*)$ '%[var(txn.domain)]|\1' if {{Domain}}
            http-response replace-header set-cookie '^([^|]+)[|]([^|]*)[|]([^;]*;(?:.*;)?[ \t]*(?i:domain)[ \t]*=[ \t]*[.]?)(?i:\1)([ \t]*(?:;.*)?)$' '\1|\2|\3\2\4' if {{Domain}}
            http-response replace-header set-cookie '^[^|]+[|][^|]*[|](.*)$' '\1' if {{Domain}}
            http-response set-var-fmt(txn.path_of) "%[var(txn.rewritten),field(5,|),ub64dec]|%[var(txn.rewritten),field(6,|),ub64dec]" if {{Rewritten}} { var(txn.rewritten),field(5,|) -m len gt 0 }
            http-response replace-header set-cookie ^(.*)$ '%[var(txn.path_of)]|\1' if {{Path}}
            http-response replace-header set-cookie '^([^|]+)[|]([^|]*)[|]([^;]*;(?:.*;)?[ \t]*(?i:path)[ \t]*=[ \t]*)\1(.*)$' '\1|\2|\3\2\4' if {{Path}}
            http-response replace-header set-cookie '^[^|]+[|][^|]*[|](.*)$' '\1' if {{Path}}

        """);
}
