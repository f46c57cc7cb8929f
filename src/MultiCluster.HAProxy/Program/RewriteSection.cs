using System.Globalization;
using System.Text;
using MultiCluster.HAProxy.Policies;

namespace MultiCluster.HAProxy.Program;

/// <summary>
/// Paths that endpoints see. Routes are found by the path as it is decoded, with runs of slashes merged: where the path as it came is not
/// rewritten, that one is, or else whoever writes an escape would get past the rewriting of a route. What comes of it is encoded again.
/// </summary>
internal static class RewriteSection
{
    /// <summary>Expressions take time with the square of it.</summary>
    private const int LongestRewritten = 4096;

    private const string Again = "{ var(txn.again) -m found }";

    private const string Renamed = "{ var(txn.renamed) -m found }";

    private const string Encoded = "var(txn.renamed),url_enc,regsub(%2F,/,g)";

    /// <summary>The path came as routes have it: what is done to others can be passed over.</summary>
    public const string NotOdd = " !{ var(txn.odd) -m found }";

    private const string Fits = "{ var(txn.renamed) -m beg = }";

    public static void AppendRenaming(StringBuilder text, ProgramPaths paths)
    {
        const string Ruled = "{ var(txn.prefix) -m found }";
        text.Append(CultureInfo.InvariantCulture, $$"""
                http-request set-path %[{{PolicySection.Value(PolicyFlags.FixedPath, paths)}},ub64dec] if { {{PolicySection.Has(PolicyFlags.FixedPath)}} }
                http-request set-var(txn.prefix) {{PolicySection.Value(PolicyFlags.PrefixRewrite, paths)}} if { {{PolicySection.Has(PolicyFlags.PrefixRewrite)}} }
                http-request set-var(txn.seen) path if {{Ruled}}
                http-request set-var(txn.renamed) 'var(txn.prefix),field(1,|),ub64dec,concat(,txn.seen),regsub("{{PrefixRewrite.Expression}}",=)' if {{Ruled}}
                http-request set-path %[var(txn.prefix),field(2,|),ub64dec]%[var(txn.renamed),bytes(1)] if {{Fits}}

            """);
    }

    public static void AppendRenamingAgain(StringBuilder text) => text.Append(CultureInfo.InvariantCulture, $$"""
            http-request set-var(txn.again) bool(true) if { var(txn.prefix) -m found } !{{Fits}}
            http-request set-var(txn.renamed) 'var(txn.prefix),field(1,|),ub64dec,concat(,txn.path),regsub("{{PrefixRewrite.Expression}}",=)' if {{Again}}
            http-request set-path %[var(txn.prefix),field(2,|),ub64dec]%[var(txn.renamed),bytes(1),url_enc,regsub(%2F,/,g)] if {{Again}} {{Fits}}

        """);

    public static void AppendRewriting(StringBuilder text, ProgramPaths paths)
    {
        text.Append(CultureInfo.InvariantCulture, $$"""
                http-request return status 414 if { path,length gt {{LongestRewritten}} }
                http-request set-var(txn.seen) path

            """);
        PolicySection.Match(text, paths, "txn.renamed", PolicyFlags.Rewrites, "txn.seen", "{ var(txn.seen) -m found }");
        AppendPath(text);
        text.Append($$"""
                http-request allow if {{Renamed}}
                http-request set-var(txn.again) bool(true) if { var(txn.odd) -m found }
                http-request allow if !{{Again}}

            """);
        PolicySection.Match(text, paths, "txn.renamed", PolicyFlags.Rewrites, "txn.path", Again);
        text.Append(CultureInfo.InvariantCulture, $$"""
                http-request set-var(txn.renamed) {{Encoded}} if {{Renamed}}

            """);
        AppendPath(text);
    }

    private static void AppendPath(StringBuilder text) => text.Append($$"""
            http-request set-path %[var(txn.renamed)] if {{Renamed}} { var(txn.renamed) -m beg / }
            http-request set-path /%[var(txn.renamed)] if {{Renamed}} !{ var(txn.renamed) -m beg / }

        """);
}
