using System.Security.Cryptography;
using System.Text;

namespace MultiCluster.Federation.Tls;

/// <summary>PEM of RFC 7468, over bytes so that keys never become strings.</summary>
internal static class Pem
{
    public readonly record struct Block(string Label, byte[] Der);

    /// <summary>The blocks in order; text between them is skipped, as RFC 7468 has it.</summary>
    public static List<Block> Read(ReadOnlySpan<byte> pem, int limit)
    {
        var blocks = new List<Block>();
        while (blocks.Count < limit && PemEncoding.TryFindUtf8(pem, out var fields))
        {
            var der = new byte[fields.DecodedDataLength];
            System.Buffers.Text.Base64.DecodeFromUtf8(pem[fields.Base64Data], der, out _, out var written);
            blocks.Add(new Block(Encoding.UTF8.GetString(pem[fields.Label]), written == der.Length ? der : der[..written]));
            pem = pem[fields.Location.End..];
        }

        return blocks;
    }

    /// <summary>Block after block, each line ended, no empty line.</summary>
    public static byte[] Write(IReadOnlyList<Block> blocks)
    {
        var size = blocks.Sum(static block => PemEncoding.GetEncodedSize(block.Label.Length, block.Der.Length) + 1);
        var pem = new byte[size];
        var position = 0;
        foreach (var block in blocks)
        {
            PemEncoding.TryWriteUtf8(Encoding.ASCII.GetBytes(block.Label), block.Der, pem.AsSpan(position), out var written);
            position += written;
            pem[position++] = (byte)'\n';
        }

        return pem;
    }
}
