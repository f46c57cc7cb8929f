using System.Text.Encodings.Web;
using MultiCluster.Hocon.Syntax;

namespace MultiCluster.Hocon;

/// <summary>Paths as text: <c>members."eu.west".kubeconfig</c>.</summary>
public static class HoconPath
{
    /// <summary>Quotes the elements that need it.</summary>
    public static string Join(params IEnumerable<string> elements) => string.Join('.', elements.Select(Element));

    /// <exception cref="ArgumentException">The text is not a path; a bug of the caller, not of a file.</exception>
    public static IReadOnlyList<string> Parse(string path)
    {
        var tokens = Tokenizer.Run(path, "path").ToArray().AsSpan()[..^1];
        foreach (var token in tokens)
        {
            if (token.Kind is not (TokenKind.Quoted or TokenKind.Unquoted or TokenKind.Space))
                throw new ArgumentException($"{token.Describe()} in path {path}", nameof(path));
        }
        return PathExpression.Read(tokens, out var reason) ?? throw new ArgumentException($"{reason}: {path}", nameof(path));
    }

    internal static string Child(string path, string key) => path.Length == 0 ? Element(key) : $"{path}.{Element(key)}";

    internal static string Quote(string text) => $"\"{JavaScriptEncoder.UnsafeRelaxedJsonEscaping.Encode(text)}\"";

    /// <summary><c>include</c> at the start of a key would be taken for the statement.</summary>
    private static string Element(string element) =>
        element.Length > 0 && element != "include" && element.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_') ? element : Quote(element);
}
