using System.Runtime.InteropServices;

namespace MultiCluster.Hocon.Syntax;

/// <summary>Tokens to syntax, by recursive descent. Stops at the first error.</summary>
internal sealed partial class Parser
{
    private readonly List<Token> tokens;
    private readonly string file;
    private int at;
    private int depth;

    private Parser(string text, string file)
    {
        this.file = file;
        tokens = Tokenizer.Run(text, file);
    }

    private Token Current => tokens[at];

    public static ObjectSyntax Parse(string text, string file)
    {
        var parser = new Parser(text, file);
        parser.SkipBlank();
        var root = parser.Root();
        parser.SkipBlank();
        if (parser.Current.Kind != TokenKind.End)
            throw parser.Fail(parser.Current, $"unexpected {parser.Current.Describe()} after the end of the configuration");
        return root;
    }

    private ObjectSyntax Root() => Current.Kind switch
    {
        TokenKind.OpenBrace => Object(),
        TokenKind.OpenBracket => throw Fail(Current, "the configuration must be an object, but is a list"),
        _ => new ObjectSyntax(Current.Line, Members(TokenKind.End)),
    };

    private ObjectSyntax Object()
    {
        var open = Open();
        var members = Members(TokenKind.CloseBrace);
        Close(open, TokenKind.CloseBrace);
        return new ObjectSyntax(open.Line, members);
    }

    private List<MemberSyntax> Members(TokenKind end)
    {
        var members = new List<MemberSyntax>();
        SkipBlank();
        while (Current.Kind != end && Current.Kind != TokenKind.End)
        {
            members.Add(Current is { Kind: TokenKind.Unquoted, Text: "include" } ? Include() : Field());
            Separator(end);
        }
        return members;
    }

    private ListSyntax List()
    {
        var open = Open();
        var items = new List<ValueSyntax>();
        SkipBlank();
        while (Current.Kind is not (TokenKind.CloseBracket or TokenKind.End))
        {
            items.Add(Value("a list element"));
            Separator(TokenKind.CloseBracket);
        }
        Close(open, TokenKind.CloseBracket);
        return new ListSyntax(open.Line, items);
    }

    private FieldSyntax Field()
    {
        var first = Current;
        var start = at;
        while (Current.Kind is TokenKind.Quoted or TokenKind.Unquoted or TokenKind.Space)
            at++;
        if (at == start)
            throw Fail(first, $"expected a key, but found {first.Describe()}");
        var path = PathExpression.Read(CollectionsMarshal.AsSpan(tokens)[start..at], out var reason) ?? throw Fail(first, reason);
        var name = $"\"{HoconPath.Join(path)}\"";
        SkipBlank();
        var mark = Current;
        if (mark.Kind is TokenKind.Colon or TokenKind.Equals or TokenKind.PlusEquals)
            at++;
        else if (mark.Kind != TokenKind.OpenBrace)
            throw Fail(first, $"{name} has no value; expected '=', ':' or '{{' after it, but found {tokens[AfterSpace(start)].Describe()}");
        SkipBlank();
        return new FieldSyntax(first.Line, path, mark.Kind == TokenKind.PlusEquals, Value(name));
    }

    private int AfterSpace(int index)
    {
        while (tokens[index].Kind is TokenKind.Quoted or TokenKind.Unquoted or TokenKind.Space)
            index++;
        return index;
    }

    /// <summary>Between members or elements: newlines, or one comma with newlines around it.</summary>
    private void Separator(TokenKind end)
    {
        var newline = SkipBlank();
        if (Current.Kind == TokenKind.Comma)
        {
            at++;
            SkipBlank();
            if (Current.Kind == TokenKind.Comma)
                throw Fail(Current, "two commas in a row");
        }
        else if (!newline && Current.Kind != end && Current.Kind != TokenKind.End)
        {
            throw Fail(Current, $"expected a comma or a new line, but found {Current.Describe()}; quote the value if it belongs to it");
        }
    }

    private Token Open()
    {
        var open = Current;
        if (++depth > Limits.Depth)
            throw Fail(open, $"braces and brackets are nested deeper than {Limits.Depth} levels");
        at++;
        return open;
    }

    private void Close(Token open, TokenKind kind)
    {
        if (Current.Kind != kind)
            throw Fail(open, $"{open.Describe()} is never closed");
        at++;
        depth--;
    }

    /// <returns>Whether a newline was among what was skipped.</returns>
    private bool SkipBlank()
    {
        var newline = false;
        for (; Current.Kind is TokenKind.Newline or TokenKind.Space; at++)
            newline |= Current.Kind == TokenKind.Newline;
        return newline;
    }

    private HoconException Fail(Token token, string message) => new(new HoconOrigin(file, token.Line), message);
}
