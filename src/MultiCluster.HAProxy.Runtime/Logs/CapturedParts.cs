using MultiCluster.Model.Policies;

namespace MultiCluster.HAProxy.Runtime.Logs;

/// <summary>Picks from a request's headers what its route's policy wants told.</summary>
internal static class CapturedParts
{
    /// <param name="headers">Lines as they came; the last may be cut.</param>
    /// <returns>False: the request has none.</returns>
    public static bool Find(ReadOnlySpan<byte> headers, CapturedPart part, out ReadOnlySpan<byte> value)
    {
        value = default;
        var isFound = false;
        while (!headers.IsEmpty)
        {
            var end = headers.IndexOf((byte)'\n');
            var line = (end < 0 ? headers : headers[..end]).TrimEnd((byte)'\r');
            headers = end < 0 ? default : headers[(end + 1)..];
            var colon = line.IndexOf((byte)':');
            if (colon < 1)
                continue;
            var text = line[(colon + 1)..].Trim((byte)' ');
            if (part.Kind == CapturedKind.Cookie)
            {
                // The first is what applications read.
                if (!isFound && Is(line[..colon], "cookie"))
                    isFound = Cookie(text, part.Name, out value);
            }
            else if (Is(line[..colon], part.Name))
            {
                isFound = true;
                value = part.Kind == CapturedKind.LastValue ? text[(text.LastIndexOf((byte)',') + 1)..].Trim((byte)' ') : text;
            }
        }

        return isFound;
    }

    private static bool Cookie(ReadOnlySpan<byte> text, string name, out ReadOnlySpan<byte> value)
    {
        foreach (var range in text.Split((byte)';'))
        {
            var pair = text[range].Trim((byte)' ');
            var equals = pair.IndexOf((byte)'=');
            if (equals <= 0 || !IsExactly(pair[..equals], name))
                continue;
            value = pair[(equals + 1)..];
            return true;
        }

        value = default;
        return false;
    }

    private static bool Is(ReadOnlySpan<byte> word, string name) => System.Text.Ascii.EqualsIgnoreCase(word, name);

    private static bool IsExactly(ReadOnlySpan<byte> word, string name) => System.Text.Ascii.Equals(word, name);
}
