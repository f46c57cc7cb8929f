using System.Buffers;
using System.Runtime.CompilerServices;

namespace MultiCluster.Persistence;

/// <summary>The rules that make ids sort alike in every database (and fit into every one of them).</summary>
internal static class Names
{
    public const int MaxLength = 512;

    private static readonly SearchValues<char> Visible =
        SearchValues.Create([.. Enumerable.Range('!', '~' - '!' + 1).Select(code => (char)code)]);

    /// <exception cref="ArgumentException">Not 1 to 512 visible ASCII characters.</exception>
    public static void Check(string name, [CallerArgumentExpression(nameof(name))] string? parameter = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(name, parameter);
        if (name.Length > MaxLength || name.AsSpan().ContainsAnyExcept(Visible))
            throw new ArgumentException($"\"{name}\": need 1 to {MaxLength} visible ASCII characters.", parameter);
    }
}
