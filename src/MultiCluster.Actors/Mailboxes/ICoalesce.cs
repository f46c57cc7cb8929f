namespace MultiCluster.Actors;

/// <summary>
/// In a mailbox with <see cref="MailboxOptions.Coalesce"/> a message replaces the pending one of the same key, at its place in the queue.
/// </summary>
public interface ICoalesce
{
    object CoalesceKey { get; }
}
