using System.Globalization;
using MultiCluster.HAProxy.Program;
using MultiCluster.Model.Collections;
using MultiCluster.Model.Policies;

namespace MultiCluster.HAProxy.Policies;

/// <summary>
/// What of a route's requests the access log tells besides. The program's captures are fixed, so that a route's would take a reload: instead
/// lines have this value and the request's headers, and our own process picks from these. A line and what it is to tell so come together,
/// whatever the policy has become meanwhile.
/// </summary>
/// <remarks>The value is <c>LENGTH,KIND:NAME,…</c>, of letters for kinds that <see cref="Kinds"/> has.</remarks>
public static class CaptureData
{
    /// <summary>Each letter's place is its kind's number.</summary>
    private const string Kinds = "hfcs";

    internal static void Write(PolicyWriter writer, RequestCapture capture)
    {
        var parts = new List<string>(capture.Parts.Count);
        foreach (var part in capture.Parts)
        {
            if (parts.Count < RequestCapture.MaxParts && IsKnown(part))
                parts.Add($"{Kinds[(int)part.Kind]}:{part.Name}");
            else
                writer.Refuse("a part of requests is not logged: too many, or no name that can be written");
        }

        if (parts.Count > 0 && capture.Length is > 0 and <= RequestCapture.MaxLength)
            writer.Flag(PolicyFlags.Capture, string.Create(CultureInfo.InvariantCulture, $"{capture.Length},{string.Join(',', parts)}"), "parts of requests in the log");
    }

    /// <returns>Null for what no proxy of ours says.</returns>
    public static RequestCapture? Parse(string value)
    {
        var words = value.Split(',');
        if (words.Length is < 2 or > RequestCapture.MaxParts + 1
            || !int.TryParse(words[0], NumberStyles.None, CultureInfo.InvariantCulture, out var length) || length is < 1 or > RequestCapture.MaxLength)
            return null;
        var parts = words.Skip(1).Select(PartOf).ToList();
        return parts.Contains(null) ? null : new RequestCapture(parts.OfType<CapturedPart>().ToEquatableArray(), length);
    }

    private static CapturedPart? PartOf(string word)
    {
        if (word is not [var letter, ':', .. var name] || Kinds.IndexOf(letter, StringComparison.Ordinal) is not (>= 0 and var kind))
            return null;
        var part = new CapturedPart((CapturedKind)kind, name);
        return IsKnown(part) ? part : null;
    }

    /// <summary>Names have no character that divides words of the value or of a line.</summary>
    private static bool IsKnown(CapturedPart part) => part.Kind switch
    {
        CapturedKind.LastValue or CapturedKind.LastLine => LogReceiverOptions.IsName(part.Name) && !part.Name.Any(char.IsAsciiLetterUpper),
        CapturedKind.Cookie => LogReceiverOptions.IsName(part.Name),
        CapturedKind.Sample => CapturedPart.Samples.Contains(part.Name, StringComparer.Ordinal),
        _ => false,
    };
}
