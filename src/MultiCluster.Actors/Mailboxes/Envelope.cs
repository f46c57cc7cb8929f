namespace MultiCluster.Actors;

internal readonly record struct Envelope(object Message, IActorRef? Sender);

/// <summary>
/// A message an actor has itself caused: timer, piped result, death notice. It belongs to one incarnation, is checked when its turn
/// comes and not when it is sent, and is exempt from the mailbox's bound.
/// </summary>
internal abstract class SelfMessage(ActorContext owner)
{
    public ActorContext Owner { get; } = owner;

    public abstract DeadLetterReason StaleReason { get; }

    /// <returns>The message to handle, or null if it is void by now.</returns>
    public abstract object? Open();
}
