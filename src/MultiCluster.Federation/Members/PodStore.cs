using MultiCluster.Model.Collections;
using MultiCluster.Model.Identity;
using MultiCluster.Model.Resources;

namespace MultiCluster.Federation.Members;

/// <summary>Of one member's pods the labels that the configuration names: a heartbeat of a pod, or another label, changes no Service.</summary>
/// <param name="wanted">Keys of these labels; empty: pods are not read.</param>
internal sealed class PodStore(EquatableArray<string> wanted)
{
    private readonly Dictionary<ObjectKey, PodResource> _pods = [];

    /// <summary>Of these those that are deleted.</summary>
    private readonly HashSet<ObjectKey> _gone = [];

    /// <summary>False: they must not be read, so that what is known of them gets old, and new ones are not known.</summary>
    public bool IsRead { get; set; } = true;

    /// <summary>Of the labels that are known.</summary>
    public EquatableArray<string> Keys => IsRead ? wanted : [];

    public IReadOnlyCollection<ObjectKey> Pods => _pods.Keys;

    public PodResource? Find(ObjectKey key) => _pods.GetValueOrDefault(key);

    /// <param name="pod">In its <see cref="ShapeOf"/>.</param>
    /// <returns>Whether what Services see of it changed.</returns>
    public bool Set(PodResource pod)
    {
        var before = LabelsOf(pod.Key);
        _gone.Remove(pod.Key);
        _pods[pod.Key] = pod;
        return !pod.Meta.Labels.Equals(before);
    }

    /// <param name="isUsed">It is an endpoint still, and stays in its group as long.</param>
    public void Remove(ObjectKey key, bool isUsed)
    {
        if (isUsed && _pods.ContainsKey(key))
            _gone.Add(key);
        else
            _pods.Remove(key);
    }

    /// <summary>It is no endpoint any more.</summary>
    public void Leave(ObjectKey key)
    {
        if (_gone.Remove(key))
            _pods.Remove(key);
    }

    /// <summary>Those that a slice names.</summary>
    public IEnumerable<ObjectKey> Of(EndpointSliceResource? slice) => wanted.IsEmpty || slice is null
        ? []
        : slice.Endpoints.Items.Where(static endpoint => endpoint.PodName is not null).Select(endpoint => new ObjectKey(slice.Key.Namespace, endpoint.PodName!));

    public EndpointSliceResource Label(EndpointSliceResource slice) => !IsRead || wanted.IsEmpty || _pods.Count == 0
        ? slice
        : slice with
        {
            Endpoints = slice.Endpoints.Select(endpoint => endpoint.PodName is { } pod && LabelsOf(new ObjectKey(slice.Key.Namespace, pod)) is { Count: > 0 } labels
                ? endpoint with { PodLabels = labels }
                : endpoint).ToEquatableArray(),
        };

    private EquatableMap LabelsOf(ObjectKey key) => _pods.TryGetValue(key, out var pod) ? pod.Meta.Labels : EquatableMap.Empty;

    public PodResource ShapeOf(PodResource pod) => new(new ObjectMeta(pod.Key)
    {
        Uid = pod.Meta.Uid,
        CreationTimestamp = pod.Meta.CreationTimestamp,
        Labels = EquatableMap.From(pod.Meta.Labels.Where(label => wanted.Contains(label.Key))),
    });
}
