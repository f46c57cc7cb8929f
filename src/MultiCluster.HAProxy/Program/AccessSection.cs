using System.Globalization;
using System.Text;
using MultiCluster.HAProxy.Policies;

namespace MultiCluster.HAProxy.Program;

/// <summary>
/// Who may not ask, by address: the longest beginning of the address's digits that the policy has an entry for decides. An IPv4 address that
/// came in IPv6's clothes is taken for what it is. Who has no verdict is refused, so a policy whose entries are gone opens nothing, and one that is
/// closed has none; and who names a header for addresses promises that every request has one that can be read.
/// </summary>
internal static class AccessSection
{
    /// <summary>'.' and digits for IPv4, ':' and digits for IPv6.</summary>
    private const string Digits = """hex,regsub(^0{20}FFFF,),regsub("^(.{8})$",.\1),regsub("^(.{32})$",:\1)""";

    public static void Append(StringBuilder text, ProgramPaths paths)
    {
        text.Append(CultureInfo.InvariantCulture, $$"""
                acl sifts var(txn.sifts) -m found
                http-request set-var(txn.sifts) bool(true) if { {{PolicySection.Has(PolicyFlags.Closed, PolicyFlags.OnlyAllowed, PolicyFlags.SomeDenied)}} }

            """);
        AppendClient(text, "sifts");
        text.Append(CultureInfo.InvariantCulture, $$"""
                acl sifts_header {{PolicySection.Has(PolicyFlags.AddressHeader)}}
                http-request set-var(txn.address) var(txn.client) if sifts !sifts_header

            """);
        Header(text, paths);
        text.Append(CultureInfo.InvariantCulture, $$"""
                http-request set-var(txn.verdict) var(txn.policy),concat(:{{PolicyFlags.OnlyAllowed}},txn.address),map_beg({{paths.Full(ProgramPaths.SourceMap)}}) if sifts { var(txn.address) -m found }
                acl welcome var(txn.verdict) -m str {{AccessData.Allowed}}
                http-request set-var(txn.vouched) bool(true) if sifts { {{PolicySection.Has(PolicyFlags.AnyGuard)}} } welcome
                http-request deny deny_status 403 if sifts !welcome !{ {{PolicySection.Has(PolicyFlags.AnyGuard)}} }

            """);
    }

    /// <summary>The client's own address; most are of IPv4, for which expressions would be dear.</summary>
    public static void AppendClient(StringBuilder text, string condition) => text.Append(CultureInfo.InvariantCulture, $$"""
            http-request set-var-fmt(txn.client) .%[src,hex] if {{condition}}
            http-request set-var(txn.client) 'var(txn.client),regsub("^[.]0{20}FFFF",.),regsub("^[.](.{32})$",:\1)' if { var(txn.client) -m len gt 9 }

        """);

    /// <summary>
    /// HAProxy finds headers by fixed names, and this name is data: an expression finds the last line that begins with what is written before
    /// all of them. Of several addresses the last is the one that the nearest proxy wrote.
    /// </summary>
    private static void Header(StringBuilder text, ProgramPaths paths) => text.Append(CultureInfo.InvariantCulture, $$"""
            acl named var(txn.name) -m found
            http-request set-var(txn.name) {{PolicySection.Value(PolicyFlags.AddressHeader, paths)}},ub64dec,lower if sifts sifts_header
            http-request set-var-fmt(txn.headers) "%[var(txn.name)]\n%[req.hdrs]" if named
            http-request set-var(txn.address) 'var(txn.headers),regsub("^([^\n]+)\n(?:[^\n]*\n)*\1: *([^\r\n]*)\r\n[\s\S]*$",\2),regsub("^.*,[ \t]*",),regsub("[ \t]+$",),ipmask(32,128),{{Digits}}' if named
            http-request unset-var(txn.headers) if named

        """);
}
