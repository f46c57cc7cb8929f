using System.Text;

namespace MultiCluster.Hocon.Syntax;

/// <summary>Puts the pieces of a key or substitution together: dots separate elements except inside quotes.</summary>
internal sealed class PathExpression
{
    private readonly List<string> elements = [];
    private readonly StringBuilder element = new();
    private bool started;

    /// <returns>The elements of the path, or null with a reason.</returns>
    public static IReadOnlyList<string>? Read(ReadOnlySpan<Token> pieces, out string reason)
    {
        while (pieces is [{ Kind: TokenKind.Space }, ..])
            pieces = pieces[1..];
        while (pieces is [.., { Kind: TokenKind.Space }])
            pieces = pieces[..^1];
        var path = new PathExpression();
        foreach (var piece in pieces)
        {
            if (!path.Add(piece))
                return path.Fail(out reason);
        }
        if (!path.EndElement())
            return path.Fail(out reason);
        reason = path.elements.Count > Limits.Depth ? $"a key of more than {Limits.Depth} elements" : "";
        return reason.Length == 0 ? path.elements : null;
    }

    private bool Add(Token piece)
    {
        if (piece.Kind != TokenKind.Unquoted)
        {
            element.Append(piece.Text);
            started |= piece.Kind == TokenKind.Quoted;
            return true;
        }
        foreach (var c in piece.Text)
        {
            if (c != '.')
                element.Append(c);
            else if (!EndElement())
                return false;
        }
        return true;
    }

    private bool EndElement()
    {
        if (element.Length == 0 && !started)
            return false;
        elements.Add(element.ToString());
        element.Clear();
        started = false;
        return true;
    }

    private IReadOnlyList<string>? Fail(out string reason)
    {
        reason = elements.Count == 0 ? "a key with an empty first element" : $"a key with an empty element after \"{HoconPath.Join(elements)}\"";
        return null;
    }
}
