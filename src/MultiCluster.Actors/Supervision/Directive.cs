namespace MultiCluster.Actors;

/// <summary>A supervisor's answer to a failed child.</summary>
public enum Directive
{
    /// <summary>Go on with the next message, state kept.</summary>
    Resume,

    /// <summary>New instance, same mailbox, after the back-off; the failed message is not delivered again, its children are stopped.</summary>
    Restart,

    Stop,

    /// <summary>The supervisor fails with the same cause. At the top of the tree: stop.</summary>
    Escalate,
}
