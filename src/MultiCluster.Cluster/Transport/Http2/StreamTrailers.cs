using System.Globalization;

namespace MultiCluster.Cluster.Transport.Http2;

/// <summary>Why the dialled side ended a stream, as a trailer of its response.</summary>
internal static class StreamTrailers
{
    public const string Name = "multicluster-end";

    private const int MostText = 500;

    public static string Format(LinkError error)
    {
        var text = error.Text.Length <= MostText ? error.Text : error.Text[..MostText];
        return string.Create(CultureInfo.InvariantCulture, $"{(int)error.Code} {Uri.EscapeDataString(text)}");
    }

    /// <returns>Null: not one of ours.</returns>
    public static LinkError? Parse(string value)
    {
        var space = value.IndexOf(' ', StringComparison.Ordinal);
        if (space < 1 || !int.TryParse(value.AsSpan(0, space), NumberStyles.None, CultureInfo.InvariantCulture, out var code))
            return null;
        var known = Enum.IsDefined((LinkErrorCode)code) ? (LinkErrorCode)code : LinkErrorCode.Refused;
        return known == LinkErrorCode.Closed
            ? LinkErrors.ClosedByPeer
            : new LinkError(known, $"ended by the peer: {Uri.UnescapeDataString(value[(space + 1)..])}");
    }
}
