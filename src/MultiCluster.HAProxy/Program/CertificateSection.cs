using System.Globalization;
using System.Text;
using MultiCluster.HAProxy.Policies;

namespace MultiCluster.HAProxy.Program;

/// <summary>
/// Certificates of clients. The handshake asks for one where the host's lines in the certificate list say so, and takes any: what it is worth
/// is told here, to requests of routes that want to know. Requests are only believed on a connection that was made for their own host, whose
/// name decided whose signatures count.
/// <para>
/// Up to 3.0 a session that one host has verified can be resumed under the name of another, certificate and all. Such a certificate counts if it has
/// been shown and found good, by whom the other host believes, before.
/// </para>
/// </summary>
internal static class CertificateSection
{
    /// <summary>Digests of certificates that were found good, each with the id of who was believed.</summary>
    public const string ShownBackend = "shown-certificates";

    /// <summary>Without these a bad certificate would end in an alert that no page can explain.</summary>
    public const string BindOptions = " ca-ignore-err all crt-ignore-err all";

    private static readonly int[] Sha2 = [224, 256, 384, 512];

    /// <summary>Errors that only tell that nobody knows the issuer.</summary>
    private const string IssuerErrors = "0 2 18 19 20 21 27";

    public static void AppendTable(StringBuilder text) => text.Append(CultureInfo.InvariantCulture, $"""

        # Certificates of clients that were found good; sessions of TLS are kept for five minutes.
        backend {ShownBackend} from base
            stick-table type string len 128 size 100k expire 30m

        """);

    /// <summary>Once for each connection.</summary>
    public static void AppendConnections(StringBuilder text, ProgramPaths paths)
    {
        var trust = paths.Full(ProgramPaths.TrustMap);
        text.Append(CultureInfo.InvariantCulture, $$"""
                # Whose signatures count on this connection, for clients that have shown a certificate.
                tcp-request session set-var(sess.trust) ssl_fc_sni,lower,map_str({{trust}}) if { ssl_c_used }
                tcp-request session set-var(sess.trust) ssl_fc_sni,lower,regsub(^[^.]*,*),map_str({{trust}}) if { ssl_c_used } !{ var(sess.trust) -m found }
                tcp-request session set-var(sess.shown) ssl_c_der,sha2(256),hex,concat(/,sess.trust) if { ssl_c_used }
                tcp-request session track-sc0 var(sess.shown) table {{ShownBackend}} if { ssl_fc_has_crt } { ssl_c_verify 0 } { ssl_c_err 0 } { ssl_c_ca_err 0 }
                tcp-request session unset-var(sess.trust) if { ssl_c_used } !{ ssl_fc_has_crt } !{ var(sess.shown),in_table({{ShownBackend}}) }

            """);
    }

    /// <param name="headers">What names of headers begin with, in the community controller's words.</param>
    public static void Append(StringBuilder text, ProgramPaths paths, string headers)
    {
        text.Append(CultureInfo.InvariantCulture, $$"""
                acl shows var(txn.shown) -m found
                http-request set-var(txn.shown) {{PolicySection.Value(PolicyFlags.ClientCertificates, paths)}} if { {{PolicySection.Has(PolicyFlags.ClientCertificates)}} }
                http-request deny deny_status 403 if { {{PolicySection.Has(PolicyFlags.ClientCertificates)}} } !shows
                # Nobody but us tells endpoints of certificates.
                http-request del-header '^(x[-_])?ssl[-_]client[-_]' -m reg if shows
                http-request set-var(txn.trust) var(txn.shown),field(2,|) if shows
                http-request set-var(txn.sni) ssl_fc_sni,lower if shows { ssl_fc }
                acl any_issuer var(txn.shown),field(1,|) -m str {{CertificateData.AnyIssuer}}
                acl of_nginx var(txn.shown),field(3,|) -m str {{CertificateData.Nginx}}
                acl believed var(sess.trust),strcmp(txn.trust) eq 0
                acl bad_certificate ssl_c_verify gt 0
                acl bad_certificate ssl_c_err gt 0
                acl bad_certificate ssl_c_ca_err gt 0
                http-request return status 421 content-type text/plain {{ErrorPageSection.Body(421, "made for another host", paths)}} if shows { ssl_fc } !{ req.fhdr(host),lower,host_only,rtrim(.),strcmp(txn.sni) eq 0 }
                http-request return status 421 content-type text/plain {{ErrorPageSection.Body(421, "made for another host", paths)}} if shows { ssl_c_used } !any_issuer !believed
                http-request set-var(txn.wrong) str({{Missing}}) if shows { var(txn.shown),field(1,|) -m str {{CertificateData.Required}} } !{ ssl_c_used }
                http-request set-var(txn.wrong) str({{Bad}}) if shows !any_issuer { ssl_c_used } bad_certificate
                http-request set-var(txn.wrong) str({{Bad}}) if shows any_issuer { ssl_c_used } bad_certificate !{ ssl_c_verify {{IssuerErrors}} }

            """);
        if (headers != ProgramOptions.DefaultCertificateHeaders)
            text.Append(CultureInfo.InvariantCulture, $"    http-request del-header '^{headers.Replace('_', '-').Replace("-", "[-_]", StringComparison.Ordinal)}[-_]client[-_]' -m reg if shows\n");
        Refuse(text, paths);
        Subjects(text, paths);
        TellCommunity(text, headers);
        TellNginx(text);
    }

    private const string Missing = "missing";

    private const string Bad = "bad";

    private static void Refuse(StringBuilder text, ProgramPaths paths) => text.Append(CultureInfo.InvariantCulture, $$"""
            acl wrong var(txn.wrong) -m found
            acl excused var(txn.shown),field(6,|) -m len gt 0
            http-request redirect location %[var(txn.shown),field(6,|),ub64dec] code 302 if wrong excused of_nginx
            http-request redirect location %[var(txn.shown),field(6,|),ub64dec] code 303 if wrong excused
            http-request return status 400 content-type text/plain {{ErrorPageSection.Body(400, "no certificate that is good here", paths)}} if wrong of_nginx
            http-request return status 496 content-type text/plain {{ErrorPageSection.Body(496, "a certificate, please", paths)}} if wrong { var(txn.wrong) -m str {{Missing}} }
            http-request return status 495 content-type text/plain {{ErrorPageSection.Body(495, "no certificate that is good here", paths)}} if wrong

        """);

    private static void Subjects(StringBuilder text, ProgramPaths paths)
    {
        text.Append("""
                acl of_subject var(txn.shown),field(5,|) -m len gt 0
                acl has_subject var(txn.dn) -m found
                http-request set-var(txn.dn) ssl_c_s_dn(,0,rfc2253) if shows of_subject { ssl_c_used }

            """);
        PolicySection.Match(text, paths, "txn.fits", PolicyFlags.ClientCertificates, "txn.dn", "has_subject");
        text.Append("""
                http-request deny deny_status 403 if shows of_subject !{ var(txn.fits) -m found }

            """);
    }

    private static void TellCommunity(StringBuilder text, string headers)
    {
        text.Append(CultureInfo.InvariantCulture, $$"""
                acl tells_whole var(txn.shown),field(4,|) -m sub {{CertificateData.Whole}}
                acl tells_lower var(txn.shown),field(4,|) -m sub {{CertificateData.Lower}}
                http-request set-header {{headers}}-client-cn %{+Q}[ssl_c_s_dn(cn)] if shows { ssl_c_used } !of_nginx
                http-request set-header {{headers}}-client-dn %{+Q}[ssl_c_s_dn] if shows { ssl_c_used } !of_nginx
                http-request set-var(txn.print) ssl_c_sha1,hex if shows { ssl_c_used } !of_nginx
                http-request set-var(txn.print) var(txn.print),lower if shows tells_lower !of_nginx
                http-request set-header {{headers}}-client-sha1 %{+Q}[var(txn.print)] if shows { ssl_c_used } !of_nginx

            """);
        foreach (var bits in Sha2)
            text.Append(CultureInfo.InvariantCulture, $"    http-request set-var(txn.print2) ssl_c_der,sha2({bits}),hex if shows {{ ssl_c_used }} !of_nginx {{ var(txn.shown),field(4,|) -m sub {bits} }}\n");
        text.Append(CultureInfo.InvariantCulture, $$"""
                acl prints_more var(txn.print2) -m found
                http-request set-var(txn.print2) var(txn.print2),lower if prints_more tells_lower
                http-request set-header {{headers}}-client-sha2 %{+Q}[var(txn.print2)] if prints_more
                http-request set-header {{headers}}-client-cert %{+Q}[ssl_c_der,base64] if shows { ssl_c_used } !of_nginx tells_whole

            """);
    }

    /// <summary>A '_' is in no base64 and stays as it is when the rest is percent-encoded.</summary>
    private static void TellNginx(StringBuilder text) => text.Append("""
            http-request set-header ssl-client-verify NONE if shows of_nginx !{ ssl_c_used }
            http-request set-header ssl-client-verify SUCCESS if shows of_nginx { ssl_c_used }
            http-request set-header ssl-client-verify FAILED:%[ssl_c_verify] if shows of_nginx { ssl_c_used } bad_certificate
            http-request set-header ssl-client-verify FAILED if shows of_nginx { ssl_c_used } !believed
            http-request set-header ssl-client-subject-dn %[ssl_c_s_dn(,0,rfc2253)] if shows of_nginx { ssl_c_used }
            http-request set-header ssl-client-issuer-dn %[ssl_c_i_dn(,0,rfc2253)] if shows of_nginx { ssl_c_used }
            http-request set-var(txn.pem) 'ssl_c_der,base64,regsub("(.{64})",\1_,g),regsub("_$",),url_enc,regsub(_,%0A,g)' if shows of_nginx { ssl_c_used } tells_whole
            http-request set-header ssl-client-cert -----BEGIN%%20CERTIFICATE-----%%0A%[var(txn.pem)]%%0A-----END%%20CERTIFICATE-----%%0A if shows of_nginx { var(txn.pem) -m found }

        """);
}
