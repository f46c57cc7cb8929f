namespace MultiCluster.Cluster.Tests;

/// <summary>
/// Tests that keep every core and thread of the pool busy: beside them, those on real sockets would run into their deadlines. xunit runs
/// them after all others, one at a time.
/// </summary>
[CollectionDefinition(nameof(WholeMachine), DisableParallelization = true)]
public sealed class WholeMachine;
