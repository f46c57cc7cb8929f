namespace MultiCluster.Actors;

public static class ActorRefExtensions
{
    /// <summary>
    /// Sends a message whose sender is this one question. An actor does not await an answer that needs its own mailbox; it uses
    /// <see cref="ActorContext.PipeToSelf{T}"/>.
    /// </summary>
    /// <param name="timeout">By the system's clock.</param>
    /// <exception cref="AskTimeoutException">No answer in time.</exception>
    /// <exception cref="UndeliverableException">The target has stopped, stops before it answers, or its mailbox is full.</exception>
    /// <exception cref="InvalidCastException">The answer is not a <typeparamref name="T"/>.</exception>
    /// <remarks>A <see cref="Status.Failure"/>, or an exception in the handler of the message, is thrown as it is.</remarks>
    public static Task<T> AskAsync<T>(this IActorRef target, object message, TimeSpan timeout, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(message);
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(timeout, TimeSpan.Zero);
        if (target is not IWatchable watchable)
            throw new ArgumentException($"{target.Path} is no actor that can be asked.", nameof(target));
        var promise = new AskPromise<T>(watchable, message.GetType().Name, timeout);
        promise.Start(message, cancellation);
        return promise.Completion;
    }
}
