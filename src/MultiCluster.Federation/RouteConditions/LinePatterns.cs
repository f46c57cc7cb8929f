using MultiCluster.Federation.RoutePolicies;
using MultiCluster.Federation.Text;

namespace MultiCluster.Federation.RouteConditions;

internal static class LinePatterns
{
    /// <summary>Null: it can't be read, which is told.</summary>
    public static string? Read(FamilyAnnotations annotations, string key, string pattern, string so)
    {
        var reading = Patterns.ReadLine(pattern);
        if (reading.Problem is null)
            return reading.Text;
        annotations.Refuse(key, $"holds {Shown.Quoted(pattern)}, which {reading.Problem}{so}");
        return null;
    }
}
