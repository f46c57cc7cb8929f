using System.Globalization;
using System.Text;
using MultiCluster.HAProxy.Policies;

namespace MultiCluster.HAProxy.Program;

/// <summary>
/// Name and password: what a client sends is hashed and looked up, as a whole and with the password's own hash, so the map tells nobody the
/// password and a lookup takes as long for a wrong one.
/// </summary>
internal static class AccountSection
{
    public static void Append(StringBuilder text, ProgramPaths paths) => text.Append(CultureInfo.InvariantCulture, $$"""
            acl guarded {{PolicySection.Has(PolicyFlags.BasicAuthentication)}}
            acl known var(txn.known) -m found
            http-request set-var(txn.login) 'req.fhdr(authorization),regsub("^basic +",,i),b64dec' if guarded { req.fhdr(authorization) -m beg -i "basic " }
            http-request set-var(txn.digest) var(txn.login),sha2(256),hex if guarded
            http-request set-var(txn.known) {{PolicySection.Value(PolicyFlags.ClearDigest, "txn.digest", paths)}} if guarded
            http-request set-var(txn.name) var(txn.login),field(1,:) if guarded !known
            http-request set-var(txn.digest) 'var(txn.login),regsub("^[^:]*:",),sha1,hex' if guarded !known
            http-request set-var(txn.digest) var(txn.name),concat(:,txn.digest),sha2(256),hex if guarded !known
            http-request set-var(txn.known) {{PolicySection.Value(PolicyFlags.ShaDigest, "txn.digest", paths)}} if guarded !known
            http-request set-var(txn.realm) {{PolicySection.Value(PolicyFlags.BasicAuthentication, paths)}},ub64dec if guarded !known
            http-request return status 401 content-type text/plain string "name and password, please\n" hdr www-authenticate "Basic realm=\"%[var(txn.realm)]\"" if guarded !known

        """);
}
