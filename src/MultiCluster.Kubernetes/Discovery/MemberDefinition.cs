using System.Text;
using MultiCluster.Kubernetes.Client;
using MultiCluster.Model.Collections;
using MultiCluster.Model.Identity;
using MultiCluster.Model.Security;
using MultiCluster.Model.Traffic;

namespace MultiCluster.Kubernetes.Discovery;

/// <summary>A member that the home cluster names. Two are equal when everything that matters to the member's reader is.</summary>
/// <param name="Origin">The object that names it, for people: Secret clusters/aws, or MemberCluster aws.</param>
/// <param name="Uid">Of that object: one that was deleted and made again is another.</param>
public sealed record MemberDefinition(MemberName Name, string Origin, string Uid)
{
    public required KubeConfig KubeConfig { get; init; }

    /// <summary>Name of the MemberCluster object; null when a Secret alone names the member.</summary>
    public string? MemberCluster { get; init; }

    public long Generation { get; init; }

    public EndpointAccess Access { get; init; } = EndpointAccess.Default;

    public MemberState State { get; init; }

    /// <summary>Empty: all.</summary>
    public EquatableArray<string> Namespaces { get; init; } = [];

    /// <summary>Of the object, such as topology.kubernetes.io/region.</summary>
    public EquatableMap Labels { get; init; } = EquatableMap.Empty;

    /// <summary>The text that <see cref="KubeConfig"/> was read from, which unlike that can be compared.</summary>
    internal Secret Content { get; init; } = new(default);

    public bool Equals(MemberDefinition? other) =>
        other is not null && Name == other.Name && Origin == other.Origin && Uid == other.Uid && MemberCluster == other.MemberCluster && Generation == other.Generation
        && Access == other.Access && State == other.State && Namespaces == other.Namespaces && Labels.Equals(other.Labels) && Content.Equals(other.Content);

    public override int GetHashCode() => HashCode.Combine(Name, Origin);

    /// <summary>Whether only the kubeconfig differs, or nothing.</summary>
    public bool IsReadAlike(MemberDefinition other) => Namespaces == other.Namespaces && Access.Mode == other.Access.Mode;

    private bool PrintMembers(StringBuilder builder)
    {
        builder.Append("Name = ").Append(Name).Append(", Origin = ").Append(Origin);
        return true;
    }
}

/// <summary>What discovery reports, in order.</summary>
public abstract record DiscoveryEvent
{
    private DiscoveryEvent()
    {
    }

    public sealed record Added(MemberDefinition Member) : DiscoveryEvent;

    public sealed record Changed(MemberDefinition Member, MemberDefinition Before) : DiscoveryEvent;

    /// <summary>Its object was deleted, or a complete list lacks it that lacks few others. Never because something can't be read.</summary>
    public sealed record Removed(MemberName Name) : DiscoveryEvent;

    /// <summary>All that is wrong now; complete each time.</summary>
    public sealed record Problems(EquatableArray<DiscoveryProblem> Items) : DiscoveryEvent;

    /// <summary>Each source has been listed once, or has failed once: what there is to know at the start is known.</summary>
    public sealed record Settled : DiscoveryEvent;

    /// <summary>
    /// Each source, and each Secret that is referred to, has been read, or the server has said that it must not be: there is no member that has not
    /// been told, as far as anybody will hear.
    /// </summary>
    public sealed record Whole : DiscoveryEvent;
}

/// <param name="Subject">The object or the source that it is about.</param>
/// <param name="Message">For people: what is wrong and the fix.</param>
public sealed record DiscoveryProblem(string Subject, string Message)
{
    public override string ToString() => $"{Subject}: {Message}";
}

/// <summary>Receives the events one at a time; waiting applies back-pressure.</summary>
public interface IDiscoverySink
{
    ValueTask OnEventAsync(DiscoveryEvent discoveryEvent, CancellationToken cancellationToken);
}
