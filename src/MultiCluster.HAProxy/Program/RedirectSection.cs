using System.Globalization;
using System.Text;
using MultiCluster.HAProxy.Policies;

namespace MultiCluster.HAProxy.Program;

/// <summary>Where to ask instead. The first rule that is for the request is the one that counts; its letter says what the answer is.</summary>
internal static class RedirectSection
{
    public static void AppendHttps(StringBuilder text) => text.Append(CultureInfo.InvariantCulture, $$"""
            http-request set-var(txn.answer) str({{PolicyFlags.HttpsRedirect}}) if { {{PolicySection.Has(PolicyFlags.HttpsRedirect)}} } !{ ssl_fc }

        """);

    public static void Append(StringBuilder text) => text.Append(CultureInfo.InvariantCulture, $$"""
            acl moves {{PolicySection.Has(PolicyFlags.Redirect, PolicyFlags.AppRoot)}}
            http-request set-var(txn.moves) bool(true) if !answered moves
            http-request set-var(txn.answer) str({{PolicyFlags.Redirect}}) if { var(txn.moves) -m found } { {{PolicySection.Has(PolicyFlags.Redirect)}} }
            http-request set-var(txn.answer) str({{PolicyFlags.AppRoot}}) if { var(txn.moves) -m found } !answered { path / }

        """);

    /// <summary>In <see cref="AnswerBackend"/>.</summary>
    public static void AppendAnswers(StringBuilder text, ProgramPaths paths)
    {
        text.Append(CultureInfo.InvariantCulture, $$"""
                acl clear var(txn.answer) -m str {{PolicyFlags.HttpsRedirect}}
                acl moved var(txn.answer) -m str {{PolicyFlags.Redirect}}
                acl moved_host var(txn.rule),field(2,|) -m str {{RedirectData.Host}}
                acl moved_prefix var(txn.rule),field(2,|) -m str {{RedirectData.Prefix}}
                acl rooted var(txn.answer) -m str {{PolicyFlags.AppRoot}}
                http-request set-var(txn.rule) var(txn.policy),concat(:,txn.answer),map_str({{paths.Full(ProgramPaths.PolicyMap)}}) if clear or moved or rooted
                http-request set-var(txn.code) var(txn.rule),field(1,|) if clear or moved
                http-request deny deny_status 400 if clear !{ req.hdr(host) -m found }
                http-request set-var-fmt(txn.location) "https://%[req.fhdr(host),host_only]%[var(txn.rule),field(2,|)]%[pathq]" if clear
                http-request set-var(txn.location) var(txn.rule),field(3,|),ub64dec if moved
                http-request set-var-fmt(txn.location) "%[ssl_fc,iif(https,http)]://%[var(txn.location)]%[pathq]" if moved moved_host
                http-request set-var-fmt(txn.location) "%[var(txn.location)]%[pathq]" if moved moved_prefix
                http-request set-var(txn.code) str(302) if rooted
                http-request set-var(txn.location) var(txn.rule),ub64dec if rooted

            """);
        foreach (var code in new[] { 301, 302, 303, 307, 308 })
            text.Append(CultureInfo.InvariantCulture, $"    http-request redirect location %[var(txn.location)] code {code} if {{ var(txn.code) -m str {code} }} {{ var(txn.location) -m found }}\n");
    }
}
