using System.Buffers;
using System.Text;

namespace MultiCluster.Model.Routing;

/// <summary>
/// The alphabet of a route's path, percent-decoded. It leaves out what could end a word of a proxy's command (blanks,
/// quotes, semicolons, backslashes, angle brackets), so that no path needs escaping on the way and none can be taken for
/// anything but a path.
/// </summary>
public static class RoutePath
{
    private static readonly SearchValues<char> AsciiCharacters =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~!$&()*+,=:@/");

    /// <summary>The first character outside of the alphabet; null when there is none.</summary>
    public static Rune? FirstForbidden(ReadOnlySpan<char> path)
    {
        foreach (var rune in path.EnumerateRunes())
        {
            if (rune.IsAscii ? !AsciiCharacters.Contains((char)rune.Value) : !IsHarmless(rune))
                return rune;
        }

        return null;
    }

    /// <summary>C1 controls and Unicode blanks are not; U+FFFD stands for half a surrogate pair, which has no UTF-8 to match.</summary>
    private static bool IsHarmless(Rune rune) => rune != Rune.ReplacementChar && !Rune.IsWhiteSpace(rune) && !Rune.IsControl(rune);
}
