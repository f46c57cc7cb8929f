namespace MultiCluster.Actors;

public enum DeadLetterReason
{
    /// <summary>The target had stopped, or stopped before it came to this message.</summary>
    Terminated,

    /// <summary>Refused by a full mailbox.</summary>
    MailboxFull,

    StashFull,

    /// <summary>Of a timer that was cancelled or replaced, or whose incarnation is gone.</summary>
    StaleTimer,

    /// <summary>Result of a task piped to an incarnation that is gone.</summary>
    StaleResult,

    /// <summary>Of a watch that was given up, or whose incarnation is gone.</summary>
    StaleNotice,

    /// <summary>A reply to a message that had no sender.</summary>
    NoSender,

    /// <summary>A reply to an ask that had already ended.</summary>
    LateReply,

    Unhandled,
}

/// <param name="Target">Whom it did not reach.</param>
/// <param name="Message">As sent.</param>
public sealed record DeadLetter(DeadLetterReason Reason, IActorRef Target, object Message, IActorRef? Sender);
