using System.Diagnostics.CodeAnalysis;

namespace MultiCluster.Actors;

/// <summary>Order of user messages. The mailbox's lock guards it; the mailbox minds the bound.</summary>
internal abstract class UserQueue
{
    public abstract int Count { get; }

    public abstract void Enqueue(in Envelope envelope);

    public abstract bool TryDequeue(out Envelope envelope);

    /// <summary>Puts <paramref name="envelope"/> in the place of the pending one of its key, if there is one.</summary>
    public abstract bool TryReplace(in Envelope envelope, out Envelope replaced);
}

internal sealed class FifoQueue : UserQueue
{
    private readonly Queue<Envelope> _queue = new();

    public override int Count => _queue.Count;

    public override void Enqueue(in Envelope envelope) => _queue.Enqueue(envelope);

    public override bool TryDequeue(out Envelope envelope) => _queue.TryDequeue(out envelope);

    public override bool TryReplace(in Envelope envelope, out Envelope replaced)
    {
        replaced = default;
        return false;
    }
}

internal sealed class CoalescingQueue : UserQueue
{
    private readonly Queue<Slot> _queue = new();
    private readonly Dictionary<object, Slot> _byKey = [];

    public override int Count => _queue.Count;

    public override void Enqueue(in Envelope envelope)
    {
        var slot = new Slot { Envelope = envelope };
        _queue.Enqueue(slot);
        if (envelope.Message is ICoalesce coalescing)
            _byKey[slot.Key = coalescing.CoalesceKey] = slot;
    }

    public override bool TryDequeue(out Envelope envelope)
    {
        if (!_queue.TryDequeue(out var slot))
        {
            envelope = default;
            return false;
        }
        if (slot.Key is not null)
            _byKey.Remove(slot.Key);
        envelope = slot.Envelope;
        return true;
    }

    public override bool TryReplace(in Envelope envelope, out Envelope replaced)
    {
        replaced = default;
        if (envelope.Message is not ICoalesce coalescing || !TryFind(coalescing, out var slot))
            return false;
        replaced = slot.Envelope;
        slot.Envelope = envelope;
        return true;
    }

    private bool TryFind(ICoalesce message, [NotNullWhen(true)] out Slot? slot) => _byKey.TryGetValue(message.CoalesceKey, out slot);

    private sealed class Slot
    {
        public Envelope Envelope { get; set; }

        public object? Key { get; set; }
    }
}
