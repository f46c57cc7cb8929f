using System.Globalization;
using System.Text;
using MultiCluster.HAProxy.Traffic;
using MultiCluster.Model.Policies;

namespace MultiCluster.HAProxy.Program;

/// <summary>
/// What a request is hashed by, for backends that choose by that. It is the second word of the place's own part of the real name, such as
/// <c>hdr:x-user</c>. Names are data, and HAProxy finds headers, parameters and cookies by fixed names only: expressions find what
/// bears the name that the text begins with. What was found begins with '=' then, which no name does. A request without the key goes
/// to any server, in turn.
/// </summary>
internal static class HashSection
{
    public static void Append(StringBuilder text, ProgramPaths paths)
    {
        text.Append(CultureInfo.InvariantCulture, $$"""
                hash-type consistent
                http-request set-var(txn.by) be_name,map_str({{paths.Full(ProgramPaths.BackendMap)}}),field(2,{{PlaceVariant.Mark}}),field(2,|)
                http-request set-var(txn.of) var(txn.by),field(2,:)
                http-request set-var-fmt(txn.balance_key) '%[var(txn.of)]:%[req.hdrs]' if { var(txn.by) -m beg hdr: }
                http-request set-var(txn.balance_key) 'var(txn.balance_key),regsub("^([^:]+):([^\n]*\n)*?\1: *([^\r\n]*)[\s\S]*",=\3)' if { var(txn.by) -m beg hdr: }
                http-request set-var-fmt(txn.balance_key) '%[var(txn.of)]; %[req.fhdr(cookie)];' if { var(txn.by) -m beg cookie: }
                http-request set-var(txn.balance_key) 'var(txn.balance_key),regsub("^([^;]+);.*?[; ]\1=([^;]*);.*",=\2)' if { var(txn.by) -m beg cookie: }
                http-request set-var-fmt(txn.balance_key) '%[var(txn.of)]&&%[query]&' if { var(txn.by) -m beg param: }
                http-request set-var(txn.balance_key) 'var(txn.balance_key),regsub("^([^&]+)&.*?&\1=([^&]*)&.*",=\2)' if { var(txn.by) -m beg param: }
                http-request unset-var(txn.balance_key) if { var(txn.of) -m found } !{ var(txn.balance_key) -m reg ^=. }
                http-request set-var(txn.balance_key) src if { var(txn.by) -m str src }
                http-request set-var(txn.balance_key) req.fhdr(host),lower,host_only if { var(txn.by) -m str host }
                http-request set-var(txn.balance_key) pathq if { var(txn.by) -m str uri }
                http-request set-var(txn.balance_key) path if { var(txn.by) -m str path }

            """);
        for (var depth = 1; depth <= HashKey.MaxDepth; depth++)
            text.Append(CultureInfo.InvariantCulture, $"    http-request set-var(txn.balance_key) path,field(1,/,{depth + 1}) if {{ var(txn.by) -m str path:{depth} }}\n");
    }
}
