namespace MultiCluster.Actors;

/// <summary>
/// Both queues of an actor and the loop over them.
/// <para>
/// One lock guards the queues, the suspension count and <c>_busy</c>. Busy means: scheduled, running, or waiting for a handler's await;
/// who makes the mailbox busy schedules it, and only the run itself, finding nothing to do under the same lock, makes it idle. So
/// there is never a second run, and a message that arrives while the run ends is either seen by it or schedules the next one.
/// </para>
/// <para>
/// The loop is synchronous. At a handler that awaits, the run is left, still busy, and scheduled again by the await's
/// completion: the loop never runs on the stack of whoever completed the task. Its context is captured, here and in piped results: on
/// the pool there is none, and a deterministic dispatcher brings everything back to its thread by one.
/// </para>
/// </summary>
internal sealed class Mailbox : IThreadPoolWorkItem
{
    private readonly Lock _gate = new();
    private readonly Queue<SystemMessage> _system = new();
    private readonly LinkedList<Envelope> _front = [];
    private readonly Queue<Envelope> _user = new();
    private readonly MailboxOptions _options;
    private readonly ActorCell _cell;
    private readonly IDispatcher _dispatcher;
    private readonly Action _reschedule;
    private int _suspensions;
    private int _bounded;
    private int _handled;
    private bool _batchOpen;
    private bool _busy;
    private bool _closed;

    public Mailbox(ActorCell cell, MailboxOptions options, IDispatcher dispatcher, int suspensions)
    {
        _cell = cell;
        _options = options;
        _dispatcher = dispatcher;
        _suspensions = suspensions;
        _reschedule = () => _dispatcher.Schedule(this);
        _system.Enqueue(SystemMessage.Start.Instance);
    }

    private enum Work
    {
        None,
        System,
        User,
        EndOfBatch,
        Yield,
    }

    public int Depth
    {
        get
        {
            lock (_gate)
                return _front.Count + _user.Count;
        }
    }

    public int Suspensions
    {
        get
        {
            lock (_gate)
                return _suspensions;
        }
    }

    public void Suspend()
    {
        lock (_gate)
            _suspensions++;
    }

    /// <summary>Called in the actor's own run only, so there is nothing to wake.</summary>
    public void Resume()
    {
        lock (_gate)
            _suspensions--;
    }

    /// <summary>Wakes a new mailbox, which holds its start message already.</summary>
    public void Activate()
    {
        lock (_gate)
        {
            if (_busy)
                return;
            _busy = true;
        }
        _dispatcher.Schedule(this);
    }

    /// <returns>False if closed: the message was not taken.</returns>
    public bool PostSystem(SystemMessage message)
    {
        lock (_gate)
        {
            if (_closed)
                return false;
            _system.Enqueue(message);
            if (_busy)
                return true;
            _busy = true;
        }
        _dispatcher.Schedule(this);
        return true;
    }

    public PostResult Post(in Envelope envelope)
    {
        lock (_gate)
        {
            var result = Enqueue(envelope);
            if (result != PostResult.Accepted || _busy || _suspensions > 0)
                return result;
            _busy = true;
        }
        _dispatcher.Schedule(this);
        return PostResult.Accepted;
    }

    /// <summary>Puts stashed messages, in their order, before all that waits. Called in the actor's own run only.</summary>
    public void Prepend(Queue<Envelope> stashed)
    {
        lock (_gate)
        {
            LinkedListNode<Envelope>? last = null;
            while (stashed.TryDequeue(out var envelope))
                last = last is null ? _front.AddFirst(envelope) : _front.AddAfter(last, envelope);
        }
    }

    /// <summary>A new incarnation owes nothing for what the one before it received.</summary>
    public void ForgetBatch()
    {
        lock (_gate)
            _batchOpen = false;
    }

    /// <summary>From here on nothing is taken. Called in the actor's own run only.</summary>
    /// <returns>What was still waiting.</returns>
    public (List<Envelope> User, List<SystemMessage> System) Close()
    {
        lock (_gate)
        {
            _closed = true;
            var user = new List<Envelope>(_front.Count + _user.Count);
            user.AddRange(_front);
            _front.Clear();
            user.AddRange(_user);
            _user.Clear();
            List<SystemMessage> system = [.. _system];
            _system.Clear();
            return (user, system);
        }
    }

    void IThreadPoolWorkItem.Execute()
    {
        bool goesOn;
        do
        {
            goesOn = Take(out var system, out var envelope) switch
            {
                Work.System => IsDone(_cell.HandleAsync(system!)),
                Work.User => IsDone(_cell.HandleAsync(envelope)),
                Work.EndOfBatch => IsDone(_cell.EndBatchAsync()),
                Work.Yield => Yield(),
                _ => false,
            };
        }
        while (goesOn);
    }

    private bool Yield()
    {
        _dispatcher.Schedule(this);
        return false;
    }

    /// <summary>The cell catches everything, so there is no outcome to look at.</summary>
    private bool IsDone(ValueTask handling)
    {
        if (handling.IsCompleted)
            return true;
        handling.AsTask().GetAwaiter().UnsafeOnCompleted(_reschedule);
        return false;
    }

    private Work Take(out SystemMessage? system, out Envelope envelope)
    {
        lock (_gate)
        {
            envelope = default;
            if (_system.TryDequeue(out system))
                return Work.System;
            var waiting = _suspensions == 0 && _front.Count + _user.Count > 0;
            if (waiting && _handled < _options.Throughput)
            {
                _handled++;
                _batchOpen = true;
                envelope = Dequeue();
                return Work.User;
            }
            // Suspended in the middle of a batch: its end is due when the actor runs again.
            if (_batchOpen && _suspensions == 0)
            {
                _batchOpen = false;
                return Work.EndOfBatch;
            }
            _handled = 0;
            _busy = waiting;
            return waiting ? Work.Yield : Work.None;
        }
    }

    private Envelope Dequeue()
    {
        if (_front.First is { } first)
        {
            _front.RemoveFirst();
            return first.Value;
        }
        var envelope = _user.Dequeue();
        if (envelope.Message is not SelfMessage)
            _bounded--;
        return envelope;
    }

    private PostResult Enqueue(in Envelope envelope)
    {
        if (_closed)
            return PostResult.Closed;
        if (envelope.Message is not SelfMessage)
        {
            if (_bounded >= _options.Capacity)
                return PostResult.Full;
            _bounded++;
        }
        _user.Enqueue(envelope);
        return PostResult.Accepted;
    }
}

internal enum PostResult
{
    Accepted,
    Full,
    Closed,
}
