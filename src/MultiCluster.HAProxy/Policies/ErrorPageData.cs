using System.Buffers.Text;
using System.Globalization;
using System.Text;
using MultiCluster.Model.Collections;
using MultiCluster.Model.Policies;

namespace MultiCluster.HAProxy.Policies;

/// <summary>Pages of the proxy's own answers, each under its status: what is said before the body, and the body.</summary>
internal static class ErrorPageData
{
    /// <summary>Before a body, so that an empty one is told from none.</summary>
    public const string Start = "1|";

    /// <summary>Headers that have a field of their own, for versions of HAProxy that set none whose name is data.</summary>
    public static readonly IReadOnlyList<string> Fields = ["content-type", "location", "cache-control", "retry-after"];

    public static void Write(PolicyWriter writer, EquatableArray<ErrorPage> pages)
    {
        foreach (var page in pages)
        {
            var status = page.Status.ToString(CultureInfo.InvariantCulture);
            if (Problem(page) is { } problem)
                writer.Refuse($"the page for {status}: {problem}");
            else if (Write(writer, page, status))
                writer.Flag(PolicyFlags.ErrorPages);
        }
    }

    private static bool Write(PolicyWriter writer, ErrorPage page, string status)
    {
        var what = $"the page for {status}";
        var body = Encoding.UTF8.GetString(Base64Url.DecodeFromChars(page.Body));
        var line = string.Join(' ', body.Split(['\r', '\n'], StringSplitOptions.RemoveEmptyEntries));
        var head = new StringBuilder().Append(CultureInfo.InvariantCulture, $"{page.Code} {page.Reason}\n");
        foreach (var header in page.Headers)
            head.Append(CultureInfo.InvariantCulture, $"{header.Name}:{header.Value}\n");
        var fields = Fields.Select(name => PolicyWriter.Text(page.Headers.Items.LastOrDefault(header => header.Name == name)?.Value ?? ""));
        // Last what has the page looked for.
        return writer.Named(PolicyFlags.OneLine, status, Start + PolicyWriter.Text(line), what)
            && writer.Named(PolicyFlags.Body, status, Start + page.Body, what)
            && writer.Named(PolicyFlags.ErrorPages, status, $"{page.Code.ToString(CultureInfo.InvariantCulture)}|{PolicyWriter.Text(head.ToString())}|{string.Join('|', fields)}", what);
    }

    private static string? Problem(ErrorPage page)
    {
        if (page.Status is < 200 or > 599 || page.Code is < 200 or > 599)
            return "a status is no one of 200 to 599";
        if (page.Reason.AsSpan().ContainsAnyExceptInRange(' ', '~'))
            return "the reason is no printable text";
        if (!Base64Url.IsValid(page.Body) || Base64Url.DecodeFromChars(page.Body).Length > ErrorPage.MaxBytes)
            return "the body is not encoded as it has to be, or too long";
        return page.Headers.Select(static header => HeaderData.Problem(header.Name, header.Value) is { } problem ? $"{header.Name} {problem}" : null).FirstOrDefault(static problem => problem is not null);
    }
}
