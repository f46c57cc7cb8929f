using System.Collections.Immutable;
using MultiCluster.Model.Resources;

namespace MultiCluster.Federation.Members;

public sealed partial class MemberView
{
    /// <summary>No list of pods is held back: endpoints keep the labels that they have.</summary>
    private void ReplacePods(ImmutableArray<Resource> items)
    {
        var lacking = _pods.Pods.ToHashSet();
        foreach (var pod in items.OfType<PodResource>())
        {
            lacking.Remove(pod.Key);
            Set(ResourceKind.Pod, pod.Key, pod);
        }

        foreach (var key in lacking)
            Set(ResourceKind.Pod, key, null);
        if (!_memory.Look(ResourceKind.Pod, items))
            return;
        foreach (var (other, key) in _guard.Disprove())
            Set(other, key, null);
    }

    private void SetPod(PodResource pod)
    {
        if (_pods.Set(pod))
            _services.AddOfPod(pod.Key, _dirtyServices);
    }

    private void MarkReadable(ResourceKind kind)
    {
        if (kind == ResourceKind.Secret)
            MarkBlind();
        else if (kind == ResourceKind.Pod)
            MarkPods(isRead: true);
    }

    /// <summary>Labels of some pods and not of others would keep requests from the others, so without the right there are none.</summary>
    private void MarkPods(bool isRead)
    {
        if (!_kinds.Contains(ResourceKind.Pod) || _pods.IsRead == isRead)
            return;
        _pods.IsRead = isRead;
        _services.AddWithSlices(_dirtyServices);
        _dirtyIngresses.UnionWith(_ingressCopies.Keys);
    }
}
