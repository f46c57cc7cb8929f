namespace MultiCluster.Model.Routing;

/// <summary>In which expressions of one host are tried: by rank, then the longest first; the rest is for all to have the same order.</summary>
public sealed class RouteOrder : IComparer<Route>
{
    public static readonly RouteOrder Instance = new();

    public int Compare(Route? x, Route? y)
    {
        var byRank = (y?.Expression?.Rank ?? 0).CompareTo(x?.Expression?.Rank ?? 0);
        if (byRank != 0)
            return byRank;
        var (left, right) = (x?.Key ?? default, y?.Key ?? default);
        var byLength = (right.Path?.Length ?? 0).CompareTo(left.Path?.Length ?? 0);
        return byLength != 0 ? byLength : left.CompareTo(right);
    }
}
