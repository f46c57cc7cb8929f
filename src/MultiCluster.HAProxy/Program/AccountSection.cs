using System.Globalization;
using System.Text;
using MultiCluster.HAProxy.Policies;

namespace MultiCluster.HAProxy.Program;

/// <summary>
/// Name and password: what a client sends is hashed and looked up, as a whole and with the password's own hash, so the map tells nobody the
/// password and a lookup takes as long for a wrong one. Where the password has a hash of crypt(3), the agent is asked. What got in by a hash is
/// in a table for half an hour from then on, for this policy as it is: with other users it has another name.
/// </summary>
internal static class AccountSection
{
    public const string AcceptedBackend = "accepted-accounts";

    private const int Counters = 3;

    public static void Append(StringBuilder text, ProgramPaths paths)
    {
        const string Guarded = "{ var(txn.guarded) -m found }";
        const string Unknown = $"{Guarded} !{{ var(txn.known) -m found }}";
        const string Hashed = "{ var(txn.hash) -m found }";
        text.Append(CultureInfo.InvariantCulture, $$"""
                http-request set-var(txn.guarded) bool(true) if { {{PolicySection.Has(PolicyFlags.BasicAuthentication)}} } !{ var(txn.vouched) -m found }
                http-request set-var(txn.login) 'req.fhdr(authorization),regsub("^basic +",,i),b64dec' if {{Guarded}} { req.fhdr(authorization) -m beg -i "basic " }
                http-request set-var(txn.digest) var(txn.login),sha2(256),hex if {{Guarded}}
                http-request set-var(txn.known) {{PolicySection.Value(PolicyFlags.ClearDigest, "txn.digest", paths)}} if {{Guarded}}
                http-request set-var(txn.account) var(txn.policy),concat(:,txn.digest) if {{Unknown}}
                http-request set-var(txn.known) bool(true) if {{Unknown}} { var(txn.account),in_table({{AcceptedBackend}}) }
                http-request unset-var(txn.account) if { var(txn.known) -m found }
                http-request set-var(txn.name) var(txn.login),field(1,:) if {{Unknown}}
                http-request set-var(txn.digest) 'var(txn.login),regsub("^[^:]*:",),sha1,hex' if {{Unknown}}
                http-request set-var(txn.digest) var(txn.name),concat(:,txn.digest),sha2(256),hex if {{Unknown}}
                http-request set-var(txn.known) {{PolicySection.Value(PolicyFlags.ShaDigest, "txn.digest", paths)}} if {{Unknown}}
                http-request set-var(txn.digest) var(txn.name),sha2(256),hex if {{Unknown}}
                http-request set-var(txn.hash) {{PolicySection.Value(PolicyFlags.PasswordHash, "txn.digest", paths)}},ub64dec if {{Unknown}}
                http-request set-var(txn.password) 'var(txn.login),regsub("^[^:]*:",)' if {{Unknown}} {{Hashed}}
                http-request set-var(txn.asker) src,ipmask(32,64) if {{Unknown}} {{Hashed}}
                http-request set-var(txn.verifier) str({{paths.PasswordSocket}}) if {{Unknown}} {{Hashed}}
            .if feature(LUA)
                http-request lua.{{PolicyScript.Verify}} if {{Unknown}} {{Hashed}}
            .endif
                http-request set-var(txn.known) var({{PolicyScript.Verified}}) if {{Unknown}} {{Hashed}}
            {{Remember()}}
                http-request set-var(txn.realm) {{PolicySection.Value(PolicyFlags.BasicAuthentication, paths)}},ub64dec if {{Unknown}}
                http-request return status 401 content-type text/plain {{ErrorPageSection.Body(401, "name and password, please", paths)}} hdr www-authenticate "Basic realm=\"%[var(txn.realm)]\"" if {{Unknown}}

            """);

        // By whichever counter groups with a limit and limits, which come before, have left.
        string Remember() => string.Join('\n', Enumerable.Range(0, Counters).Select(static i => string.Create(
            CultureInfo.InvariantCulture,
            $"    http-request track-sc{i} var(txn.account) table {AcceptedBackend} if {{ var(txn.account) -m found }} {{ var(txn.known) -m found }} !{{ sc{i}_tracked }} !{{ var(txn.account),in_table({AcceptedBackend}) }}")));
    }

    /// <summary>What got in with a password that has a hash, by policy and digest of name and password.</summary>
    public static void AppendTable(StringBuilder text) => text.Append(CultureInfo.InvariantCulture, $"""

        # Accounts that got in with a password that has a hash.
        backend {AcceptedBackend} from base
            stick-table type string len 128 size 100k expire 30m

        """);
}
