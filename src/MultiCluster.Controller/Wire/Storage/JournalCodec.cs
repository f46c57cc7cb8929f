using System.Buffers;
using MultiCluster.Controller.Records;
using MultiCluster.Controller.Wire.Reading;
using MultiCluster.Controller.Wire.Writing;
using MultiCluster.HAProxy.Runtime;
using MultiCluster.Persistence.Journal;

namespace MultiCluster.Controller.Wire.Storage;

/// <summary>Decisions as events of the journal, which never hold a secret.</summary>
public static class JournalCodec
{
    private static MessageType Type => MessageTypes.Decision;

    /// <returns>An error when the decision is too large.</returns>
    public static Outcome<EventData> Encode(Decision decision, DateTimeOffset at)
    {
        var writer = new WireWriter();
        var bytes = Envelopes.Write(Type, Envelopes.Wrap(Type, Type.Write(decision, writer)));
        return bytes.IsOk ? new EventData(at, Type.Name, Type.Schema, bytes.Value) : new Failure(bytes.Error!);
    }

    public static Outcome<Decision> Decode(JournalEvent stored)
    {
        var decision = Read(stored);
        return decision.IsOk ? (Decision)decision.Value : new Failure($"event {stored.SequenceNumber} of {stored.PersistenceId}: {decision.Error}");
    }

    private static Outcome<object> Read(JournalEvent stored)
    {
        if (!string.Equals(stored.Type, Type.Name, StringComparison.Ordinal))
            return new Failure($"of type \"{stored.Type}\", not {Type.Name}: stored by a newer version of MultiCluster?");
        var envelope = Envelopes.Read(Type, new ReadOnlySequence<byte>(stored.Payload));
        return envelope.IsOk ? Envelopes.Open(Type, envelope.Value, new WireReader(secrets: [])) : new Failure(envelope.Error);
    }
}
