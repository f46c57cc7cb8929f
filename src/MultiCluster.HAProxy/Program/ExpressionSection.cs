using System.Globalization;
using System.Text;
using MultiCluster.HAProxy.Data;
using MultiCluster.HAProxy.Policies;

namespace MultiCluster.HAProxy.Program;

/// <summary>
/// Hosts with paths that are expressions. All other requests of such a host find a value with a mark: it says whose expressions to try, how
/// long the Prefix is that was found, and then what it leads to, so that a host without expressions pays for none. See
/// <see cref="PathExpressionData"/> for how an expression tells which of them matched.
/// </summary>
internal static class ExpressionSection
{
    /// <summary>Expressions take time with the length, and one that takes too much is given up: the request would get to another route.</summary>
    private const int LongestPath = 4096;

    /// <summary>Plain requests are looked at again with all others, which find the route anew.</summary>
    public static void AppendMark(StringBuilder text) => text.Append(CultureInfo.InvariantCulture, $"""
            acl expressive var(txn.route) -m beg {RouteMaps.ExpressionMark}
            acl tried var(txn.plain) -m found
            acl branched var(txn.branch) -m found
            tcp-request content unset-var(txn.route) if expressive

        """);

    public static void Append(StringBuilder text, ProgramPaths paths)
    {
        const string Id = "var(txn.plain),field(1,|),bytes(1)";
        text.Append(CultureInfo.InvariantCulture, $$"""
                tcp-request content set-var(txn.plain) var(txn.route) if expressive
                tcp-request content unset-var(txn.route) if tried
                {{FrontendSection.Refuse(414, string.Create(CultureInfo.InvariantCulture, $"tried {{ var(txn.path),length gt {LongestPath} }}"))}}
                tcp-request content set-var(txn.subject) "{{Id}},concat(:{{PathExpressionData.Letter}}{{PathExpressionData.Digits}}\n,txn.path)" if tried

            """);
        for (var i = 0; i < RouteMaps.PatternFiles; i++)
            text.Append(CultureInfo.InvariantCulture, $"    tcp-request content set-var(txn.branch) var(txn.subject),map_regm({paths.Full(ProgramPaths.PatternMap(i))}) if {{ var(txn.plain) -m beg {RouteMaps.ExpressionMark}{i:x} }}\n");
        text.Append(CultureInfo.InvariantCulture, $$"""
                tcp-request content set-var(txn.branch) {{Id}},concat(:{{PathExpressionData.Letter}},txn.branch),map_str({{paths.Full(ProgramPaths.PolicyMap)}}) if branched
                tcp-request content set-var(txn.rank) var(txn.branch),field(1,|),add(0) if branched
                tcp-request content set-var(txn.route) var(txn.branch),field(2,|),map_beg({{paths.Full(ProgramPaths.RouteMap)}}) if branched !{ var(txn.plain),field(2,|),sub(txn.rank) gt 0 }
                tcp-request content set-var(txn.route) var(txn.plain),field(3,|,0) if tried !routed { var(txn.plain),field(3,|) -m len gt 0 }
                tcp-request content unset-var(txn.branch) if tried
                tcp-request content unset-var(txn.plain) if tried

            """);
    }
}
