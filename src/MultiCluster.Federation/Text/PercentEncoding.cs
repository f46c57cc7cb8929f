namespace MultiCluster.Federation.Text;

/// <summary>RFC 3986 §2.1.</summary>
internal static class PercentEncoding
{
    /// <summary>The byte that <c>%XY</c> at <paramref name="index"/> stands for; null when it isn't one.</summary>
    public static byte? ByteAt(string text, int index) =>
        index + 2 < text.Length && char.IsAsciiHexDigit(text[index + 1]) && char.IsAsciiHexDigit(text[index + 2])
            ? (byte)((Value(text[index + 1]) << 4) | Value(text[index + 2]))
            : null;

    private static int Value(char digit) => char.IsAsciiDigit(digit) ? digit - '0' : (digit | 0x20) - 'a' + 10;
}
