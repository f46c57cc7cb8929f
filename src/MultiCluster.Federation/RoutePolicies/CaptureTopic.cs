using System.Globalization;
using MultiCluster.Federation.Annotations;
using MultiCluster.Federation.Text;
using MultiCluster.Model.Collections;
using MultiCluster.Model.Policies;

namespace MultiCluster.Federation.RoutePolicies;

/// <summary>Parts of requests that lines of the access log tell. A bad line costs itself.</summary>
internal static class CaptureTopic
{
    private const int MaxName = 64;

    private const string Meant = "write hdr(NAME), req.fhdr(NAME), cookie(NAME), src, method, path, query or url, one a line, without converters";

    public static RoutePolicy? Official(FamilyAnnotations annotations, RoutePolicyContext context, RoutePolicy policy)
    {
        if (annotations.Parts("request-capture") is not { } text)
            return annotations.Has("request-capture-len") ? policy with { Capture = null } : null;
        var parts = new List<CapturedPart>();
        foreach (var line in text.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            if (PartOf(line) is not { } part)
                annotations.Refuse("request-capture", $"holds {Shown.Quoted(line)}; {Meant}");
            else if (parts.Contains(part))
                continue;
            else if (parts.Count == RequestCapture.MaxParts)
                annotations.Refuse("request-capture", string.Create(CultureInfo.InvariantCulture, $"holds more than {RequestCapture.MaxParts} parts, of which the first count; write fewer"));
            else
                parts.Add(part);
        }

        return policy with { Capture = parts.Count == 0 ? null : new RequestCapture(parts.ToEquatableArray(), Length(annotations)) };
    }

    private static int Length(FamilyAnnotations annotations)
    {
        const string Key = "request-capture-len";
        var usual = int.Parse(annotations.DefaultOf(Key), CultureInfo.InvariantCulture);
        if (annotations.Number(Key) is not { } length)
            return usual;
        if (length <= RequestCapture.MaxLength)
            return length;
        annotations.Refuse(Key, string.Create(CultureInfo.InvariantCulture, $"is {length}, and lines of the log tell {RequestCapture.MaxLength} bytes of a part; write at most that"));
        return RequestCapture.MaxLength;
    }

    /// <summary>As HAProxy's samples are called; null for one that lines can't tell.</summary>
    private static CapturedPart? PartOf(string line)
    {
        if (CapturedPart.Samples.Contains(line, StringComparer.Ordinal))
            return new CapturedPart(CapturedKind.Sample, line);
        var open = line.IndexOf('(', StringComparison.Ordinal);
        if (open < 0 || line[^1] != ')')
            return null;
        var name = line[(open + 1)..^1];
        if (name.Length is 0 or > MaxName || !name.All(static c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.'))
            return null;
        return line[..open] switch
        {
            "hdr" or "req.hdr" => new CapturedPart(CapturedKind.LastValue, name.ToLowerInvariant()),
            "req.fhdr" => new CapturedPart(CapturedKind.LastLine, name.ToLowerInvariant()),
            "cookie" or "req.cook" => new CapturedPart(CapturedKind.Cookie, name),
            _ => null,
        };
    }
}
