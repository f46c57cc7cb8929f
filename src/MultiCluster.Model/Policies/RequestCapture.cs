using MultiCluster.Model.Collections;

namespace MultiCluster.Model.Policies;

/// <summary>Parts of requests that lines of the access log tell.</summary>
/// <param name="Parts">At most <see cref="MaxParts"/>, in order.</param>
/// <param name="Length">Bytes of each that are told; 1 to <see cref="MaxLength"/>.</param>
public sealed record RequestCapture(EquatableArray<CapturedPart> Parts, int Length)
{
    public const int MaxParts = 16;

    public const int MaxLength = 4096;
}

/// <param name="Name">Of the header, in lower case, of the cookie, or one of <see cref="Samples"/>.</param>
public sealed record CapturedPart(CapturedKind Kind, string Name)
{
    /// <summary>What every line has anyway.</summary>
    public static readonly EquatableArray<string> Samples = ["src", "method", "host", "path", "query", "url"];

    /// <summary>As HAProxy's samples are written, such as <c>req.hdr(x-shop)</c>.</summary>
    public string ToSample() => Kind switch
    {
        CapturedKind.LastValue => $"req.hdr({Name})",
        CapturedKind.LastLine => $"req.fhdr({Name})",
        CapturedKind.Cookie => $"req.cook({Name})",
        _ => Name,
    };
}

public enum CapturedKind
{
    /// <summary>Of the header's last line, what is behind its last comma.</summary>
    LastValue,

    /// <summary>The header's last line as a whole.</summary>
    LastLine,

    Cookie,

    Sample,
}
