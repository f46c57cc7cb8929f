using System.Collections.Immutable;
using Microsoft.Extensions.Logging;

namespace MultiCluster.Actors;

/// <summary>Where messages go that nobody handles: counted by reason, logged at debug level, and shown to subscribers.</summary>
public sealed class DeadLetters
{
    private readonly long[] _counts = new long[Enum.GetValues<DeadLetterReason>().Length];
    private readonly ActorMetrics _metrics;
    private readonly ILogger _logger;
    private ImmutableArray<Action<DeadLetter>> _subscribers = [];

    internal DeadLetters(ActorMetrics metrics, ILogger logger)
    {
        _metrics = metrics;
        _logger = logger;
    }

    public long Count(DeadLetterReason reason) => Volatile.Read(ref _counts[(int)reason]);

    /// <param name="subscriber">Called on the thread that sends, so it is quick; what it throws is logged.</param>
    /// <returns>Ends the subscription.</returns>
    public IDisposable Subscribe(Action<DeadLetter> subscriber)
    {
        ImmutableInterlocked.Update(ref _subscribers, static (all, one) => all.Add(one), subscriber);
        return new Subscription(this, subscriber);
    }

    internal void Publish(DeadLetter letter)
    {
        Interlocked.Increment(ref _counts[(int)letter.Reason]);
        _metrics.DeadLetter(letter.Reason);
        _logger.DeadLetter(letter.Reason, letter.Target.Path, letter.Message.GetType().Name);
        foreach (var subscriber in _subscribers)
            Notify(subscriber, letter);
        (letter.Sender as AskPromise)?.Undelivered(letter.Target, letter.Reason);
    }

    private void Notify(Action<DeadLetter> subscriber, DeadLetter letter)
    {
        try
        {
            subscriber(letter);
        }
        catch (Exception e)
        {
            _logger.SubscriberFailed(e);
        }
    }

    private sealed class Subscription(DeadLetters letters, Action<DeadLetter> subscriber) : IDisposable
    {
        public void Dispose() =>
            ImmutableInterlocked.Update(ref letters._subscribers, static (all, one) => all.Remove(one), subscriber);
    }
}
