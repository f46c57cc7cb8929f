using System.Globalization;
using System.Text;
using MultiCluster.HAProxy.Policies;

namespace MultiCluster.HAProxy.Program;

/// <summary>What servers are told of the client's address, where no policy of the route says it.</summary>
internal static class ForwardedSection
{
    private static readonly string Unsaid = $"!{{ {PolicySection.Has(PolicyFlags.ForwardedFor)} }}";

    public static void Append(StringBuilder text, ForwardedHeaders forwarded)
    {
        if (forwarded.Original is { } original)
            text.Append(CultureInfo.InvariantCulture, $"    http-request set-header {original} %[req.hdr(x-forwarded-for)] if {{ req.hdr(x-forwarded-for) -m found }} {Unsaid}\n");
        if (forwarded.RealIp is { } address)
            text.Append(CultureInfo.InvariantCulture, $"    http-request set-header {address} %[src] if {{ src -m found }}\n");
        if (forwarded.For != ForwardedFor.Keep)
            text.Append(CultureInfo.InvariantCulture, $"    http-request {RuleOf(forwarded.For)} {Unsaid}\n");
    }

    private static string RuleOf(ForwardedFor mode) => mode switch
    {
        ForwardedFor.Replace => "set-header x-forwarded-for %[src] if { src -m found }",
        ForwardedFor.AddMissing => "add-header x-forwarded-for %[src] if { src -m found } !{ req.hdr(x-forwarded-for) -m found }",
        _ => "add-header x-forwarded-for %[src] if { src -m found }",
    };
}
