namespace MultiCluster.Model.Identity;

/// <summary>Name rules of RFC 1123 as Kubernetes applies them.</summary>
public static class DnsNames
{
    public const int MaxSubdomainLength = 253;

    public const int MaxLabelLength = 63;

    public static bool IsLabel(ReadOnlySpan<char> text)
    {
        if (text.Length is 0 or > MaxLabelLength || text[0] == '-' || text[^1] == '-')
            return false;
        foreach (var c in text)
        {
            if (!char.IsAsciiLetterLower(c) && !char.IsAsciiDigit(c) && c != '-')
                return false;
        }

        return true;
    }

    public static bool IsSubdomain(ReadOnlySpan<char> text)
    {
        if (text.Length is 0 or > MaxSubdomainLength)
            return false;
        foreach (var label in text.Split('.'))
        {
            if (!IsLabel(text[label]))
                return false;
        }

        return true;
    }
}
