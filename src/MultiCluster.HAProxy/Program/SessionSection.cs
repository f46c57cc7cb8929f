using System.Globalization;
using System.Text;
using MultiCluster.HAProxy.Traffic;

namespace MultiCluster.HAProxy.Program;

/// <summary>
/// Backends that a cookie binds sessions to servers of. HAProxy knows that cookie by a fixed name. Clients see it with the session's behind it,
/// so that Services of one host don't overwrite each other's, or by the name and with the attributes that a policy has: those are the second
/// word of the place's own part of the real name, see <see cref="SessionText"/>.
/// </summary>
internal static class SessionSection
{
    private const string Named = "{ var(txn.sticky) -m found }";

    public static void Append(StringBuilder text, ProgramOptions options, ProgramPaths paths)
    {
        text.Append(CultureInfo.InvariantCulture, $$"""
                # One cookie binds to the endpoint, where there are groups another one to the group.
                dynamic-cookie-key {{options.SessionKey}}
                cookie {{ProgramRenderer.ServerCookie}} insert indirect nocache httponly dynamic attr SameSite=Lax
                http-request set-var(txn.kept) be_name,map_str({{paths.Full(ProgramPaths.BackendMap)}}),field(2,{{PlaceVariant.Mark}}),field(2,|)
                http-request set-var(txn.sticky) var(txn.kept),field(2,:) if { var(txn.kept) -m beg {{SessionText.Word}}: }
                http-request set-var-fmt(txn.cookies) '%[var(txn.sticky)]; %[req.fhdr(cookie)];' if {{Named}}
                http-request set-var(txn.endpoint) 'var(txn.cookies),regsub("^([^;]+);.*?[; ]\1=([0-9a-f]+);.*",\2)' if {{Named}}
                http-request set-header cookie '{{ProgramRenderer.ServerCookie}}=%[var(txn.endpoint)]; %[req.fhdr(cookie)]' if { var(txn.endpoint) -m found } !{ var(txn.endpoint) -m sub ; }

            """);
        Attributes(text);
        text.Append(CultureInfo.InvariantCulture, $$"""
                http-response set-var-fmt(txn.own) '%[var(txn.sticky)]:%[res.hdrs]' if {{Has(SessionText.YieldsToServers)}}
                http-response set-var(txn.own) 'var(txn.own),regsub("^([^:]+):([^\n]*\n)*?set-cookie: *\1=[\s\S]*",=)' if {{Has(SessionText.YieldsToServers)}}
                http-after-response replace-header set-cookie '^{{ProgramRenderer.ServerCookie}}=.*' '%[var(txn.none)]' if { var(txn.own) -m str = }
                http-after-response replace-header set-cookie '^{{ProgramRenderer.ServerCookie}}=([0-9a-f]+);.*' '%[var(txn.sticky)]=\1%[var(txn.attributes)]' if {{Named}}
                http-after-response replace-header set-cookie '^{{ProgramRenderer.ServerCookie}}=([0-9a-f]+;.*)' '{{ProgramRenderer.ServerCookie}}-%[var(txn.session)]=\1%[ssl_fc,iif(; Secure,)]' if !{{Named}}
                http-after-response add-header set-cookie '{{ProgramRenderer.GroupCookie}}-%[var(txn.session)]=%[var(txn.token)]%[var(txn.attributes)]' if { var(txn.token) -m found } {{Named}}
                http-after-response add-header set-cookie '{{ProgramRenderer.GroupCookie}}-%[var(txn.session)]=%[var(txn.token)]; path=/; HttpOnly; SameSite=Lax%[ssl_fc,iif(; Secure,)]' if { var(txn.token) -m found } !{{Named}}

            """);
    }

    /// <summary>Those that the request has a say in. Agents that know no SameSite=None are those that ingress-nginx spares.</summary>
    private static void Attributes(StringBuilder text) => text.Append(CultureInfo.InvariantCulture, $$"""
            http-request set-var(txn.attributes) var(txn.kept),field(5,:),ub64dec if {{Named}}
            http-request set-var(txn.age) var(txn.kept),field(4,:),add(0) if {{Has(SessionText.Expires)}}
            http-request set-var-fmt(txn.attributes) '%[var(txn.attributes)]; Expires=%[date,add(txn.age),http_date]' if {{Has(SessionText.Expires)}}
            http-request set-var(txn.new) bool(true) if {{Has(SessionText.SparesOldAgents)}} !{ req.fhdr(user-agent) -m sub Chrome/4 Chrome/5 Chrome/6 'CPU iPhone OS 12' 'iPad; CPU OS 12' } !{ req.fhdr(user-agent) -m reg '^(?!.*Chrome).*Macintosh.*Intel Mac OS X 10_14.*Safari' }
            http-request set-var-fmt(txn.attributes) '%[var(txn.attributes)]; SameSite=None' if { var(txn.new) -m found }
            http-request set-var-fmt(txn.attributes) '%[var(txn.attributes)]; Secure' if {{Has(SessionText.Secure)}}
            http-request set-var-fmt(txn.attributes) '%[var(txn.attributes)]; Secure' if {{Has(SessionText.SecureOverTls)}} { ssl_fc }

        """);

    private static string Has(char letter) => $"{Named} {{ var(txn.kept),field(3,:) -m sub {letter} }}";
}
