using System.Globalization;
using System.Text;
using MultiCluster.HAProxy.Policies;

namespace MultiCluster.HAProxy.Program;

/// <summary>
/// Who may not ask, by address: the longest beginning of the address's digits that the policy has an entry for decides. An IPv4 address that
/// came in IPv6's clothes is taken for what it is. Who has no verdict is refused, so a policy whose entries are gone opens nothing; and who
/// names a header for addresses promises that every request has one that can be read.
/// </summary>
internal static class AccessSection
{
    /// <summary>'.' and digits for IPv4, ':' and digits for IPv6.</summary>
    private const string Digits = """hex,regsub(^0{20}FFFF,),regsub("^(.{8})$",.\1),regsub("^(.{32})$",:\1)""";

    public static void Append(StringBuilder text, ProgramPaths paths)
    {
        var sources = paths.Full(ProgramPaths.SourceMap);
        text.Append(CultureInfo.InvariantCulture, $$"""
                http-request deny deny_status 403 if { {{PolicySection.Has(PolicyFlags.Closed)}} }
                acl sifts {{PolicySection.Has(PolicyFlags.OnlyAllowed, PolicyFlags.SomeDenied)}}
                acl sifts_header {{PolicySection.Has(PolicyFlags.AddressHeader)}}
                acl counts {{PolicySection.Has(LimitSection.Letters)}}
                http-request set-var(txn.client) 'src,{{Digits}}' if sifts or counts
                http-request set-var(txn.address) var(txn.client) if sifts

            """);
        Header(text, paths);
        text.Append(CultureInfo.InvariantCulture, $$"""
                http-request set-var(txn.verdict) var(txn.policy),concat(:{{PolicyFlags.OnlyAllowed}},txn.address),map_beg({{sources}}) if sifts
                http-request deny deny_status 403 if sifts !{ var(txn.verdict) -m str {{AccessData.Allowed}} }

            """);
    }

    /// <summary>
    /// HAProxy finds headers by fixed names, and this name is data: an expression finds the last line that begins with what is written before
    /// all of them. Of several addresses the last is the one that the nearest proxy wrote.
    /// </summary>
    private static void Header(StringBuilder text, ProgramPaths paths) => text.Append(CultureInfo.InvariantCulture, $$"""
            http-request unset-var(txn.address) if sifts sifts_header
            http-request set-var(txn.name) {{PolicySection.Value(PolicyFlags.AddressHeader, paths)}},ub64dec,lower if sifts sifts_header
            http-request set-var-fmt(txn.headers) "%[var(txn.name)]\n%[req.hdrs]" if sifts sifts_header
            http-request set-var(txn.address) 'var(txn.headers),regsub("^([^\n]+)\n(?:[^\n]*\n)*\1: *([^\r\n]*)\r\n[\s\S]*$",\2),regsub("^.*,[ \t]*",),regsub("[ \t]+$",),ipmask(32,128),{{Digits}}' if sifts sifts_header
            http-request unset-var(txn.headers) if sifts sifts_header
            http-request deny deny_status 403 if sifts sifts_header !{ var(txn.address) -m found }

        """);
}
