using System.Globalization;

namespace MultiCluster.HAProxy.Runtime.Replies;

internal static class ReplyText
{
    private const int Shown = 160;

    public static string Excerpt(string reply) => reply.Length <= Shown ? reply : string.Concat(reply.AsSpan(0, Shown), "…");

    public static int? Number(ReadOnlySpan<char> text) =>
        int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) ? number : null;
}
