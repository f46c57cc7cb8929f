namespace MultiCluster.Hocon;

/// <summary>Where a value was written. <paramref name="Variable"/> names the environment variable its text came from, if any.</summary>
public readonly record struct HoconOrigin(string File, int Line, string? Variable = null)
{
    public override string ToString()
    {
        var place = Line > 0 ? $"{File}:{Line}" : File;
        return Variable is null ? place : $"{place} (environment variable {Variable})";
    }
}
