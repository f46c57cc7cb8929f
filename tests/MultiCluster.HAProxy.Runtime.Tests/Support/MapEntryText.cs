using MultiCluster.HAProxy.Runtime.Replies;

namespace MultiCluster.HAProxy.Runtime.Tests.Support;

internal static class MapEntryText
{
    /// <summary>Without HAProxy's numbers, which differ from run to run.</summary>
    public static IReadOnlyList<MapEntry> Unnumbered(this Outcome<IReadOnlyList<MapEntry>> parsed) =>
        [.. parsed.Value!.Select(static entry => entry with { Number = 0 })];
}
