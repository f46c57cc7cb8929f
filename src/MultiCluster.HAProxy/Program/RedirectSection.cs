using System.Globalization;
using System.Text;
using MultiCluster.HAProxy.Policies;

namespace MultiCluster.HAProxy.Program;

/// <summary>Where to ask instead. The first rule that knows a location is the one that counts.</summary>
internal static class RedirectSection
{
    public static void AppendHttps(StringBuilder text, ProgramPaths paths) => text.Append(CultureInfo.InvariantCulture, $$"""
            acl located var(txn.location) -m found
            acl clear {{PolicySection.Has(PolicyFlags.HttpsRedirect)}}
            http-request set-var(txn.rule) {{PolicySection.Value(PolicyFlags.HttpsRedirect, paths)}} if clear !{ ssl_fc }
            http-request deny deny_status 400 if clear !{ ssl_fc } !{ req.hdr(host) -m found }
            http-request set-var(txn.code) var(txn.rule),field(1,|) if clear !{ ssl_fc }
            http-request set-var-fmt(txn.location) "https://%[req.fhdr(host),host_only]%[var(txn.rule),field(2,|)]%[pathq]" if clear !{ ssl_fc }

        """);

    public static void Append(StringBuilder text, ProgramPaths paths)
    {
        text.Append(CultureInfo.InvariantCulture, $$"""
                acl moved {{PolicySection.Has(PolicyFlags.Redirect)}}
                acl moved_host var(txn.rule),field(2,|) -m str {{RedirectData.Host}}
                acl moved_prefix var(txn.rule),field(2,|) -m str {{RedirectData.Prefix}}
                acl rooted {{PolicySection.Has(PolicyFlags.AppRoot)}}
                http-request set-var(txn.code) str(302) if rooted !moved !located { path / }
                http-request set-var(txn.location) {{PolicySection.Value(PolicyFlags.AppRoot, paths)}},ub64dec if rooted !moved !located { path / }
                http-request set-var(txn.rule) {{PolicySection.Value(PolicyFlags.Redirect, paths)}} if moved !located
                http-request set-var(txn.code) var(txn.rule),field(1,|) if moved !located
                http-request set-var(txn.target) var(txn.rule),field(3,|),ub64dec if moved !located
                http-request set-var-fmt(txn.target) "%[ssl_fc,iif(https,http)]://%[var(txn.target)]%[pathq]" if moved !located moved_host
                http-request set-var-fmt(txn.target) "%[var(txn.target)]%[pathq]" if moved !located moved_prefix
                http-request set-var(txn.location) var(txn.target) if moved !located

            """);
        foreach (var code in new[] { 301, 302, 303, 307, 308 })
            text.Append(CultureInfo.InvariantCulture, $"    http-request redirect location %[var(txn.location)] code {code} if located {{ var(txn.code) -m str {code} }}\n");
    }
}
