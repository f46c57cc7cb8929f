namespace MultiCluster.Controller.Status;

/// <summary>Where the status of MemberClusters is written: the home cluster.</summary>
public interface IMemberClusterSink
{
    /// <summary>Writes nothing that is there already.</summary>
    /// <param name="name">Of the object.</param>
    Task<SinkResult> WriteAsync(string name, MemberClusterReport report, CancellationToken cancellationToken);
}

/// <summary>The MemberCluster that a member was registered by.</summary>
/// <param name="Generation">As it was read.</param>
public sealed record HomeObject(string Name, long Generation);
