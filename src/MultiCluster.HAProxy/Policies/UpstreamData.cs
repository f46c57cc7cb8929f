using System.Globalization;
using MultiCluster.Model.Policies;

namespace MultiCluster.HAProxy.Policies;

/// <summary>How endpoints are asked.</summary>
internal static class UpstreamData
{
    public const string Keep = "k";

    public const string Replace = "r";

    public const string Remove = "d";

    public static void Write(PolicyWriter writer, RoutePolicy policy)
    {
        if (policy.Fallback is { } ingress)
            writer.Flag(PolicyFlags.Fallback, ingress, "the default backend");
        if (policy.BytesPerSecond is { } rate)
            writer.Flag(PolicyFlags.Bandwidth, rate.ToString(CultureInfo.InvariantCulture), "the bandwidth of answers");
        if (policy.UpstreamHost is { } host)
            writer.Flag(PolicyFlags.UpstreamHost, PolicyWriter.Text(host), "the host that endpoints see");
        if (policy.ForwardedPrefix is { } prefix)
            writer.Flag(PolicyFlags.ForwardedPrefix, PolicyWriter.Text(prefix), "X-Forwarded-Prefix");
        if (policy.ForwardedFor is { } forwarded)
        {
            var value = forwarded switch
            {
                ForwardedFor.Replace => Replace,
                ForwardedFor.Remove => Remove,
                _ => Keep,
            };
            writer.Flag(PolicyFlags.ForwardedFor, value, "X-Forwarded-For");
        }

        if (policy.Timeouts is { } times && times != new RouteTimeouts())
        {
            writer.Flag(
                PolicyFlags.Timeouts,
                $"{Milliseconds(times.Server)}|{Milliseconds(times.Tunnel)}|{Milliseconds(times.Connect)}|{Milliseconds(times.Queue)}",
                "time-outs");
        }
    }

    /// <summary>HAProxy takes 0 for no time-out at all, and counts up to 24 days.</summary>
    private static string Milliseconds(TimeSpan? time) => time is not { } value
        ? ""
        : Math.Clamp((long)value.TotalMilliseconds, 1, int.MaxValue).ToString(CultureInfo.InvariantCulture);
}
