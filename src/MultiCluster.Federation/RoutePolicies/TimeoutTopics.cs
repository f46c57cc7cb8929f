using MultiCluster.Model.Policies;

namespace MultiCluster.Federation.RoutePolicies;

/// <summary>Each of the times by itself, so that one controller's and another's go together. Nothing waits for no time: 0 is refused.</summary>
internal static class TimeoutTopics
{
    public static RoutePolicy? Connect(FamilyAnnotations annotations, RoutePolicyContext context, RoutePolicy policy) =>
        Of(annotations, "timeout-connect") is { } time ? policy with { Timeouts = (policy.Timeouts ?? new()) with { Connect = time } } : null;

    public static RoutePolicy? Queue(FamilyAnnotations annotations, RoutePolicyContext context, RoutePolicy policy) =>
        Of(annotations, "timeout-queue") is { } time ? policy with { Timeouts = (policy.Timeouts ?? new()) with { Queue = time } } : null;

    public static RoutePolicy? Server(FamilyAnnotations annotations, RoutePolicyContext context, RoutePolicy policy) =>
        Of(annotations, "timeout-server") is { } time ? policy with { Timeouts = (policy.Timeouts ?? new()) with { Server = time } } : null;

    public static RoutePolicy? Tunnel(FamilyAnnotations annotations, RoutePolicyContext context, RoutePolicy policy) =>
        Of(annotations, "timeout-tunnel") is { } time ? policy with { Timeouts = (policy.Timeouts ?? new()) with { Tunnel = time } } : null;

    public static RoutePolicy? NginxConnect(FamilyAnnotations annotations, RoutePolicyContext context, RoutePolicy policy) =>
        InSeconds(annotations, "proxy-connect-timeout") is { } time ? policy with { Timeouts = (policy.Timeouts ?? new()) with { Connect = time } } : null;

    /// <summary>HAProxy has one time for both ways: the longer of the two.</summary>
    public static RoutePolicy? NginxServer(FamilyAnnotations annotations, RoutePolicyContext context, RoutePolicy policy) =>
        NginxSilence(annotations) is { } time ? policy with { Timeouts = (policy.Timeouts ?? new()) with { Server = time } } : null;

    /// <summary>Of nginx the same times hold for WebSocket.</summary>
    public static RoutePolicy? NginxTunnel(FamilyAnnotations annotations, RoutePolicyContext context, RoutePolicy policy) =>
        NginxSilence(annotations) is { } time ? policy with { Timeouts = (policy.Timeouts ?? new()) with { Tunnel = time } } : null;

    private static TimeSpan? NginxSilence(FamilyAnnotations annotations)
    {
        var read = InSeconds(annotations, "proxy-read-timeout");
        var send = InSeconds(annotations, "proxy-send-timeout");
        return read > send ? read : send ?? read;
    }

    private static TimeSpan? Of(FamilyAnnotations annotations, string key) =>
        annotations.Time(key) is { } time ? Checked(annotations, key, time, "1ms to 24d") : null;

    private static TimeSpan? InSeconds(FamilyAnnotations annotations, string key) =>
        annotations.Seconds(key) is { } time ? Checked(annotations, key, time, "a number of seconds from 1 to 2073600") : null;

    private static TimeSpan? Checked(FamilyAnnotations annotations, string key, TimeSpan time, string range)
    {
        if (time > TimeSpan.Zero && time <= TimeSpan.FromDays(24))
            return time;
        annotations.Refuse(key, $"is out of range; write {range}");
        return null;
    }
}
