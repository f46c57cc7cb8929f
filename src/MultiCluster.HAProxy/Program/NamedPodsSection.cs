using System.Globalization;
using System.Text;
using MultiCluster.HAProxy.Data;

namespace MultiCluster.HAProxy.Program;

/// <summary>
/// What only requests of steered routes come to whose header or cookie may name a group of pods: the choice among all groups gives way to the
/// one among those of the group. It is found by the choice's name with what the client says behind it; what is no value of a label is never
/// looked up, and what leads nowhere is passed over.
/// <para>
/// Names of header and cookie are data, and HAProxy finds both by fixed names only: an expression finds what bears the name before the first
/// ';'. Without it, it leaves the text as it is, with the ';' that no value has.
/// </para>
/// </summary>
internal static class NamedPodsSection
{
    private const string Value = "([A-Za-z0-9][A-Za-z0-9._-]*)";

    public static void Append(StringBuilder text, ProgramPaths paths)
    {
        text.Append(CultureInfo.InvariantCulture, $"""
                acl names_pods var(txn.flags) -m sub {RouteMaps.PodsFlag}
                acl nameless var(txn.named) -m sub ;
                acl pods_named var(txn.group) -m found

            """);
        Look(text, paths, $"\"%[var(txn.flags),field(2,{RouteMaps.PodsFlag})];;\\n%[req.hdrs]\"", $@"^([^;]+);;(?s:.*)[[:cntrl:]]\1: *{Value}[[:cntrl:]](?s:.*)$");
        Look(text, paths, $"\"%[var(txn.flags),field(3,{RouteMaps.PodsFlag})];; %[req.fhdr(cookie)];\"", $@"^([^;]+);.*; ?\1={Value};.*$");
        text.Append(CultureInfo.InvariantCulture, $"""
                tcp-request content set-var(txn.steer) var(txn.named) if names_pods pods_named
                tcp-request content unset-var(txn.named) if names_pods
                tcp-request content unset-var(txn.group) if names_pods
                tcp-request content set-var(txn.flags) var(txn.flags),field(1,{RouteMaps.PodsFlag}) if names_pods

            """);
    }

    /// <param name="subject">Begins with the name and ";;".</param>
    private static void Look(StringBuilder text, ProgramPaths paths, string subject, string pattern) => text.Append(CultureInfo.InvariantCulture, $"""
            tcp-request content set-var-fmt(txn.named) {subject} if names_pods !pods_named
            tcp-request content set-var(txn.named) 'var(txn.named),regsub("{pattern}",\2)' if names_pods !pods_named
            tcp-request content set-var(txn.named) var(txn.steer),concat(+,txn.named) if names_pods !pods_named !nameless
            tcp-request content set-var(txn.draw) rand(10000),add(10000) if names_pods !pods_named !nameless
            tcp-request content set-var(txn.group) var(txn.named),concat(/,txn.draw),map_beg({paths.Full(ProgramPaths.ShareMap)}) if names_pods !pods_named !nameless

        """);
}
