namespace MultiCluster.Model.Security;

/// <summary>Bytes that must not show in a log, a dump or JSON. Only <see cref="Reveal"/> gives them.</summary>
public sealed class Secret : IEquatable<Secret>
{
    private readonly ReadOnlyMemory<byte> _bytes;

    public Secret(ReadOnlyMemory<byte> bytes) => _bytes = bytes;

    public static Secret FromText(string text) => new(System.Text.Encoding.UTF8.GetBytes(text));

    public int Length => _bytes.Length;

    public ReadOnlyMemory<byte> Reveal() => _bytes;

    public bool Equals(Secret? other) => other is not null && _bytes.Span.SequenceEqual(other._bytes.Span);

    public override bool Equals(object? obj) => Equals(obj as Secret);

    /// <summary>Length only: a hash of the content would let short secrets be guessed from a dump.</summary>
    public override int GetHashCode() => _bytes.Length;

    public override string ToString() => "***";
}
