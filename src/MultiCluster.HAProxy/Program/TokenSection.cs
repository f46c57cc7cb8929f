using System.Globalization;
using System.Text;
using MultiCluster.HAProxy.Policies;

namespace MultiCluster.HAProxy.Program;

/// <summary>
/// Tokens: the agent is asked about one that was not seen before, since HAProxy finds public keys in files that it has read at its start, and
/// takes JSON in more ways than one. It says until when the token is good, which is remembered under the policy, keys and all, and the token's
/// digest, so that a request pays for a digest and a look into a table. Who sends two headers with tokens might mean the other one, and has none.
/// </summary>
internal static class TokenSection
{
    public const string AcceptedBackend = "accepted-tokens";

    private const int Counters = 3;

    public static void Append(StringBuilder text, ProgramPaths paths)
    {
        const string Asked = "{ var(txn.token_rule) -m found }";
        const string Named = "{ var(txn.token_name) -m found }";
        const string Shown = "{ var(txn.jwt) -m found }";
        const string New = "{ var(txn.token_new) -m found }";
        const string Unknown = $"{Shown} {{ var(txn.token_until) -m int 0 }}";
        text.Append(CultureInfo.InvariantCulture, $$"""
                http-request set-var(txn.token_rule) {{PolicySection.Value(PolicyFlags.Token, paths)}} if { {{PolicySection.Has(PolicyFlags.Token)}} }
                http-request deny deny_status 403 if !{{Asked}} { {{PolicySection.Has(PolicyFlags.Token)}} }
                http-request set-var(txn.jwt) 'req.fhdr(authorization),regsub("^bearer +",,i)' if {{Asked}} { var(txn.token_rule) -m beg | } { req.fhdr_cnt(authorization) eq 1 } { req.fhdr(authorization) -m beg -i "bearer " }
                http-request set-var(txn.token_name) var(txn.token_rule),field(1,|),ub64dec if {{Asked}} !{ var(txn.token_rule) -m beg | }
                http-request set-var-fmt(txn.token_headers) "%[var(txn.token_name)]\n%[req.hdrs]" if {{Named}}
                http-request set-var(txn.jwt) 'var(txn.token_headers),regsub("^([^\n]+)\n(?:[^\n]*\n)*\1:[^\n]*\n(?:[^\n]*\n)*\1:[\s\S]*$",),regsub("^([^\n]+)\n(?:[^\n]*\n)*\1: *([^\r\n]*)\r\n[\s\S]*$",\2),regsub("^bearer +",,i)' if {{Named}}
                http-request unset-var(txn.token_headers) if {{Named}}
                http-request unset-var(txn.jwt) if {{Shown}} { var(txn.jwt) -m reg [^A-Za-z0-9._-] }
                http-request unset-var(txn.jwt) if {{Shown}} !{ var(txn.jwt) -m len {{TokenData.Shortest}}:{{TokenData.Longest}} }
                http-request set-var(txn.token_key) var(txn.jwt),sha2(256),hex if {{Shown}}
                http-request set-var(txn.token_key) var(txn.policy),concat(:,txn.token_key) if {{Shown}}
                http-request set-var(txn.token_until) var(txn.token_key),table_gpt0({{AcceptedBackend}}) if {{Shown}}
                http-request set-var(txn.asker) src,ipmask(32,64) if {{Unknown}}
                http-request set-var(txn.verifier) str({{paths.PasswordSocket}}) if {{Unknown}}
            .if feature(LUA)
                http-request lua.{{PolicyScript.Token}} if {{Unknown}}
            .endif
                http-request set-var(txn.now) date if {{Shown}}
                http-request set-var(txn.bearer) bool(true) if {{Shown}} { var(txn.token_until),sub(txn.now) gt 0 }
                http-request return status 401 content-type text/plain {{ErrorPageSection.Body(401, "a token, please", paths)}} hdr www-authenticate "Bearer error=\"invalid_token\"" if {{Asked}} {{Shown}} !{ var(txn.bearer) -m found }
                http-request return status 401 content-type text/plain {{ErrorPageSection.Body(401, "a token, please", paths)}} hdr www-authenticate Bearer if {{Asked}} !{ var(txn.bearer) -m found }

            """);
        // By whichever counter groups with a limit and limits, which come before, have left.
        for (var i = 0; i < Counters; i++)
        {
            text.Append(CultureInfo.InvariantCulture, $$"""
                    http-request set-var(txn.token_place) int({{i}}) if {{New}} !{ var(txn.token_place) -m found } !{ sc{{i}}_tracked }
                    http-request track-sc{{i}} var(txn.token_key) table {{AcceptedBackend}} if {{New}} { var(txn.token_place) -m int {{i}} }
                    http-request sc-set-gpt0({{i}}) var(txn.token_until) if {{New}} { var(txn.token_place) -m int {{i}} }

                """);
        }
    }

    /// <summary>Tokens by policy and digest, each with the second, since 1970, when it is worth nothing any more.</summary>
    public static void AppendTable(StringBuilder text) => text.Append(CultureInfo.InvariantCulture, $"""

        # Tokens that were found good.
        backend {AcceptedBackend} from base
            stick-table type string len 128 size 100k expire 30m store gpt0

        """);
}
