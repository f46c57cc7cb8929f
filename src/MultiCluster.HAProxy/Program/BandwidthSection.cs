using System.Globalization;
using System.Text;
using MultiCluster.HAProxy.Policies;

namespace MultiCluster.HAProxy.Program;

/// <summary>
/// How fast answers of endpoints are sent. A filter holds them back, which every request pays for: so it is there at the operator's wish only, and
/// from HAProxy 2.7 on. No section that backends are made from may have a filter, so the frontend has it.
/// </summary>
internal static class BandwidthSection
{
    private const string Filter = "bandwidth";

    public static void AppendFilter(StringBuilder text, ProgramOptions options)
    {
        if (options.LimitsBandwidth)
            text.Append(CultureInfo.InvariantCulture, $".if version_atleast(2.7)\n    filter bwlim-out {Filter} default-limit 1g default-period 1s\n.endif\n");
    }

    /// <summary>What requests are found to want, among the changes of requests.</summary>
    public static void Append(StringBuilder text, ProgramOptions options, ProgramPaths paths)
    {
        if (!options.LimitsBandwidth)
            return;
        text.Append(CultureInfo.InvariantCulture, $$"""
                http-request set-var(txn.bandwidth) {{PolicySection.Value(PolicyFlags.Bandwidth, paths)}},add(0) if { {{PolicySection.Has(PolicyFlags.Bandwidth)}} }

            """);
    }

    public static void AppendAnswers(StringBuilder text, ProgramOptions options)
    {
        if (options.LimitsBandwidth)
            text.Append(CultureInfo.InvariantCulture, $".if version_atleast(2.7)\n    http-response set-bandwidth-limit {Filter} limit var(txn.bandwidth) period 1s if {{ var(txn.bandwidth) -m found }}\n.endif\n");
    }
}
