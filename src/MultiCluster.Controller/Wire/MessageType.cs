using Google.Protobuf;
using MultiCluster.Controller.Wire.Reading;
using MultiCluster.Controller.Wire.Writing;

namespace MultiCluster.Controller.Wire;

/// <summary>One kind of message: its name, its schema and its two directions.</summary>
/// <param name="Name">Never used again for something else.</param>
/// <param name="Schema">What is written, and the newest that is read.</param>
internal abstract record MessageType(string Name, int Schema, Type Domain)
{
    public abstract MessageParser Parser { get; }

    public abstract IMessage Write(object value, WireWriter writer);

    /// <returns>Null, or something useless, if the reader has a problem.</returns>
    public abstract object? Read(IMessage wire, WireReader reader);
}

internal sealed record MessageType<TDomain, TWire>(
    string Name,
    int Schema,
    MessageParser<TWire> TypedParser,
    Func<TDomain, WireWriter, TWire> Writing,
    Func<TWire, WireReader, object?> Reading) : MessageType(Name, Schema, typeof(TDomain))
    where TWire : IMessage<TWire>
{
    public override MessageParser Parser => TypedParser;

    public override IMessage Write(object value, WireWriter writer) => Writing((TDomain)value, writer);

    public override object? Read(IMessage wire, WireReader reader) => Reading((TWire)wire, reader);
}
