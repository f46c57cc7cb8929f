using MultiCluster.Kubernetes.Client;
using MultiCluster.Model.Collections;
using MultiCluster.Model.Identity;
using MultiCluster.Model.Resources;
using MultiCluster.Model.Security;
using MultiCluster.Model.Traffic;

namespace MultiCluster.Kubernetes.Discovery;

/// <summary>An object's claim to name a member, before it is known whether it is the only one, and whether its kubeconfig is any good.</summary>
/// <param name="Origin">The object, for people.</param>
/// <param name="Place">Where the kubeconfig is, for people.</param>
/// <param name="Content">Null when the Secret is not there; <paramref name="Missing"/> says so then, unless it is only not read yet.</param>
internal sealed record Candidate(string Name, string Origin, ObjectMeta Meta, string Place, Secret? Content, string? Missing)
{
    public MemberClusterResource? Resource { get; init; }

    /// <summary>The Secret that holds the kubeconfig.</summary>
    public ObjectKey Secret { get; init; }

    /// <summary>Of two with one name the smaller one counts: a MemberCluster before the Secret that it refers to, and then by age.</summary>
    public static int Compare(Candidate left, Candidate right)
    {
        if (left.Secret == right.Secret && (left.Resource is null) != (right.Resource is null))
            return left.Resource is null ? 1 : -1;
        var age = (left.Meta.CreationTimestamp ?? DateTimeOffset.MaxValue).CompareTo(right.Meta.CreationTimestamp ?? DateTimeOffset.MaxValue);
        return age != 0 ? age : string.CompareOrdinal(left.Origin, right.Origin);
    }

    /// <summary>Nothing to complain of: the MemberCluster says more of the same member.</summary>
    public bool IsElaboratedBy(Candidate winner) => Resource is null && winner.Resource is not null && Secret == winner.Secret;

    /// <param name="parsed">What <see cref="Content"/> holds.</param>
    public (MemberDefinition? Definition, string? Error) Read(KubeConfigResult parsed)
    {
        if (parsed.Config is not { } config)
            return (null, parsed.Error);
        if (MemberClusterResource.ModeOf(Resource, out var mode) is { } wrongMode)
            return (null, wrongMode);
        if (MemberClusterResource.StateOf(Resource, out var state) is { } wrongState)
            return (null, wrongState);
        return (new MemberDefinition(new MemberName(Name), Origin, Meta.Uid)
        {
            KubeConfig = config,
            Content = Content!,
            MemberCluster = Resource?.Key.Name,
            Generation = Resource?.Meta.Generation ?? 0,
            Access = new EndpointAccess(mode, Resource?.Transport ?? default),
            State = state,
            Namespaces = Resource?.Namespaces ?? [],
            Labels = Meta.Labels,
        }, null);
    }
}
