using System.Collections.Concurrent;
using MultiCluster.EndToEnd.Tests.Support;

namespace MultiCluster.EndToEnd.Tests.Cluster;

/// <summary>Pods that a proxy has been seen to have left: if one answers there again, a change has gone back.</summary>
internal sealed class GonePods
{
    private readonly ConcurrentDictionary<(string Proxy, string Pod), long> _since = new();

    public void Left(ClusterProxy proxy, Pod pod) => _since[(proxy.Name, pod.Name)] = TimeProvider.System.GetTimestamp();

    /// <summary>It may answer from now on.</summary>
    public void MayComeBack(Pod pod)
    {
        foreach (var key in _since.Keys.Where(key => key.Pod == pod.Name))
            _since.TryRemove(key, out _);
    }

    /// <returns>What is wrong with an answer to a request that began then.</returns>
    public string? Objection(ClusterProxy proxy, Answer answer, long began) =>
        answer.Echo is { } echo && _since.TryGetValue((proxy.Name, echo.Pod), out var since) && since < began
            ? $"pod {echo.Pod} answers on {proxy.Name} again: a change has gone back"
            : null;
}
