namespace MultiCluster.Hocon;

/// <summary>Bounds that turn a hostile or runaway file into an error instead of a dead process.</summary>
internal static class Limits
{
    /// <summary>Nesting of braces and brackets, elements of a path, and depth of a resolved value.</summary>
    public const int Depth = 200;

    /// <summary>Steps of recursion while following substitutions.</summary>
    public const int Steps = 600;

    public const int IncludeDepth = 50;

    /// <summary>Includes expanded for one load: files that include each other's children twice would grow as 2^n.</summary>
    public const int Includes = 1000;

    /// <summary>Characters of one concatenated string.</summary>
    public const int Text = 16 * 1024 * 1024;

    /// <summary>Values within one resolved value; substitutions can double a value per line.</summary>
    public const int Nodes = 1_000_000;
}
