using System.Globalization;
using System.Text;
using MultiCluster.HAProxy.Data;
using MultiCluster.HAProxy.Policies;

namespace MultiCluster.HAProxy.Program;

/// <summary>
/// What only requests of routes that several Ingresses share come to: who takes them. All that is asked of a request is one expression, that
/// leads to a letter; under the letter is an Ingress, and under that the value of its route, which takes the place of the one that was found.
/// Where nobody takes the request it is the route's own, or finds no route.
/// </summary>
internal static class ChoiceSection
{
    public static void Append(StringBuilder text, ProgramPaths paths)
    {
        text.Append(CultureInfo.InvariantCulture, $$"""
                # Of Ingresses that share a route, who takes the request.
                acl chooses var(txn.route) -m beg @
                acl taken var(txn.taken) -m found
                acl taker var(txn.taker) -m found
                tcp-request content set-var(txn.when) var(txn.route),field(-1,|) if chooses
                tcp-request content set-var-fmt(txn.subject) "%[var(txn.when)]:{{ChoiceData.Letters}}\n%[rand(10000),add(10000)]\n%[rand(10000),add(10000)]\n%[rand(10000),add(10000)]\n%[rand(10000),add(10000)]\n%[method]\n%[path]\n%[src,hex]\n%[req.hdrs]" if chooses
                tcp-request content set-var(txn.bucket) var(txn.when),bytes(0,1),hex2i if chooses

            """);
        // Only those of one file are tried, however many routes are shared.
        for (var i = 0; i < RouteMaps.PatternFiles; i++)
            text.Append(CultureInfo.InvariantCulture, $"    tcp-request content set-var(txn.taker) var(txn.subject),map_regm({paths.Full(ProgramPaths.PatternMap(i))}) if {{ var(txn.bucket) -m int {i} }}\n");
        text.Append(CultureInfo.InvariantCulture, $$"""
                tcp-request content unset-var(txn.subject) if chooses
                tcp-request content set-var(txn.taker) var(txn.when),concat(:,txn.taker),map_str({{paths.Full(ProgramPaths.PolicyMap)}}) if taker
                tcp-request content set-var(txn.taken) var(txn.route),field(-2,|),concat(/,txn.taker,/),map_beg({{paths.Full(ProgramPaths.RouteMap)}}) if taker
                tcp-request content set-var(txn.route) var(txn.taken) if taken
                {{FrontendSection.Refuse(404, "{ var(txn.route) -m beg @| }")}}
                tcp-request content set-var(txn.route) 'var(txn.route),regsub("^@(.*)[|]@[^|]*[|][^|]*$",\1)' if chooses
                tcp-request content accept if !special

            """);
    }
}
