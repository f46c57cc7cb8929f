using System.Globalization;
using MultiCluster.Model.Policies;

namespace MultiCluster.HAProxy.Policies;

/// <summary>Which pages of other origins may read answers. An origin that can't be written is one that is not allowed.</summary>
internal static class CorsData
{
    public const string Credentials = "c";

    public static void Write(PolicyWriter writer, CorsPolicy cors)
    {
        var value = string.Join('|', PolicyWriter.Text(cors.Methods), PolicyWriter.Text(cors.Headers), PolicyWriter.Text(cors.ExposeHeaders), cors.Credentials ? Credentials : "", cors.MaxAge.ToString(CultureInfo.InvariantCulture));
        if (!writer.Flag(PolicyFlags.Cors, value, "CORS"))
            return;
        if (cors.AnyOrigin)
        {
            writer.Flag(cors.Credentials ? PolicyFlags.EachOrigin : PolicyFlags.AnyOrigin);
            return;
        }

        foreach (var origin in cors.Origins)
            writer.Named(PolicyFlags.Origin, origin, "1", $"the origin {origin}");
        foreach (var pattern in cors.OriginPatterns)
        {
            if (PatternCheck.Problem(pattern) is { } problem)
                writer.Refuse($"the origins {pattern}: {problem}");
            else if (writer.Pattern(PolicyPattern.Whole(writer.Id, PolicyFlags.Cors, pattern), "1", $"the origins {pattern}"))
                writer.Flag(PolicyFlags.OriginPatterns);
        }
    }
}
