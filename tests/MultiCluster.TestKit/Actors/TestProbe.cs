using System.Text;
using System.Threading.Channels;
using MultiCluster.Actors;

namespace MultiCluster.TestKit.Actors;

/// <summary>An actor that keeps what it gets until the test asks for it.</summary>
public sealed class TestProbe
{
    public static readonly TimeSpan DefaultDeadline = TimeSpan.FromSeconds(10);

    private readonly Channel<Received> _inbox = Channel.CreateUnbounded<Received>();
    private readonly List<object> _seen = [];

    public TestProbe(ActorSystem system, string? name = null)
    {
        System = system;
        Ref = system.ActorOf(Props.Create(() => new Recorder(_inbox.Writer)).WithMailbox(new MailboxOptions { Capacity = int.MaxValue }), name);
    }

    public ActorSystem System { get; }

    public IActorRef Ref { get; }

    /// <summary>Who sent the message that the last expectation returned.</summary>
    public IActorRef? LastSender { get; private set; }

    /// <summary>Its <see cref="Terminated"/> arrives here.</summary>
    public void Watch(IActorRef actor) => Ref.Tell(new WatchThis(actor));

    public void Unwatch(IActorRef actor) => Ref.Tell(new UnwatchThis(actor));

    /// <summary>The next message, which must be a <typeparamref name="T"/>.</summary>
    /// <param name="deadline">Of real time; default ten seconds.</param>
    /// <exception cref="ProbeException">Another message came, or none in time.</exception>
    public async Task<T> ExpectAsync<T>(TimeSpan? deadline = null)
    {
        var message = await NextAsync(typeof(T).Name, deadline ?? DefaultDeadline);
        return message is T expected ? expected : throw Failure($"Expected {typeof(T).Name}, but got {message}.");
    }

    /// <summary>The next message, which must be equal to <paramref name="message"/>.</summary>
    /// <inheritdoc cref="ExpectAsync{T}(TimeSpan?)"/>
    public async Task<T> ExpectAsync<T>(T message, TimeSpan? deadline = null)
    {
        var next = await NextAsync($"{message}", deadline ?? DefaultDeadline);
        return Equals(next, message) ? message : throw Failure($"Expected {message}, but got {next}.");
    }

    /// <summary>The next <typeparamref name="T"/> for which <paramref name="match"/> holds; those before it are passed over.</summary>
    /// <inheritdoc cref="ExpectAsync{T}(TimeSpan?)"/>
    public async Task<T> FishAsync<T>(Func<T, bool> match, string what, TimeSpan? deadline = null)
    {
        using var expiry = new CancellationTokenSource(deadline ?? DefaultDeadline);
        while (true)
        {
            if (await NextAsync(what, deadline ?? DefaultDeadline, expiry.Token) is T candidate && match(candidate))
                return candidate;
        }
    }

    /// <summary>
    /// Holds if nothing has come by now. To prove that nothing will, first make everything happen that could cause it: run a
    /// <see cref="DeterministicDispatcher"/> until idle, or await a later message of the same sender.
    /// </summary>
    /// <exception cref="ProbeException">Something came.</exception>
    public void ExpectNothing()
    {
        if (_inbox.Reader.TryRead(out var received))
            throw Failure($"Expected nothing, but got {received.Message}.");
    }

    private async Task<object> NextAsync(string missing, TimeSpan deadline)
    {
        using var expiry = new CancellationTokenSource(deadline);
        return await NextAsync(missing, deadline, expiry.Token);
    }

    private async Task<object> NextAsync(string missing, TimeSpan deadline, CancellationToken expiry)
    {
        try
        {
            var received = await _inbox.Reader.ReadAsync(expiry);
            LastSender = received.Sender;
            _seen.Add(received.Message);
            return received.Message;
        }
        catch (OperationCanceledException)
        {
            throw Failure($"Missing {missing}: it did not come within {deadline}.");
        }
        catch (ChannelClosedException)
        {
            throw Failure($"Missing {missing}: the probe was stopped.");
        }
    }

    private ProbeException Failure(string what)
    {
        var text = new StringBuilder($"{Ref.Path}: {what} Came before: ");
        text.Append(_seen.Count == 0 ? "nothing" : string.Join(", ", _seen.TakeLast(20))).Append('.');
        List<object> waiting = [];
        while (_inbox.Reader.TryRead(out var received))
            waiting.Add(received.Message);
        if (waiting.Count > 0)
            text.Append(" Still waiting: ").AppendJoin(", ", waiting.Take(20)).Append('.');
        return new ProbeException(text.ToString());
    }

    private sealed record Received(object Message, IActorRef? Sender);

    private sealed record WatchThis(IActorRef Actor);

    private sealed record UnwatchThis(IActorRef Actor);

    private sealed class Recorder(ChannelWriter<Received> inbox) : Actor
    {
        protected override ValueTask ReceiveAsync(object message)
        {
            switch (message)
            {
                case WatchThis watch:
                    Context.Watch(watch.Actor);
                    break;
                case UnwatchThis unwatch:
                    Context.Unwatch(unwatch.Actor);
                    break;
                default:
                    inbox.TryWrite(new Received(message, Sender));
                    break;
            }
            return default;
        }

        protected override ValueTask PostStopAsync()
        {
            inbox.TryComplete();
            return default;
        }
    }
}

/// <summary>Says what a probe was to get and what it got.</summary>
public sealed class ProbeException(string message) : Exception(message);
