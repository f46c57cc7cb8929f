namespace MultiCluster.Federation.Text;

/// <summary>Several statements in one message. A condition's details have them all.</summary>
internal static class Listing
{
    public const int MaxListed = 5;

    public static string Join(IReadOnlyList<string> statements) =>
        string.Join("; ", statements.Take(MaxListed)) + (statements.Count > MaxListed ? $"; and {statements.Count - MaxListed} more" : "");
}
