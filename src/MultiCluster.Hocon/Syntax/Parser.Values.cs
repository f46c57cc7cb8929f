using System.Runtime.InteropServices;
using System.Text;

namespace MultiCluster.Hocon.Syntax;

internal sealed partial class Parser
{
    /// <summary>One value: everything up to a newline, comma or closing bracket, concatenated.</summary>
    private ValueSyntax Value(string owner)
    {
        var first = Current;
        var parts = new List<ValueSyntax>();
        while (Part() is { } part)
            parts.Add(part);
        if (parts is [.., SpaceSyntax])
            parts.RemoveAt(parts.Count - 1);
        return parts.Count switch
        {
            0 when Current.Kind is TokenKind.Colon or TokenKind.Equals or TokenKind.PlusEquals =>
                throw Fail(first, $"expected a value for {owner}, but found {first.Describe()}"),
            0 => throw Fail(first, $"{owner} has no value, only {first.Describe()}"),
            1 => parts[0],
            _ => new ConcatenationSyntax(first.Line, parts),
        };
    }

    private ValueSyntax? Part()
    {
        var token = Current;
        switch (token.Kind)
        {
            case TokenKind.OpenBrace:
                return Object();
            case TokenKind.OpenBracket:
                return List();
            case TokenKind.Substitution or TokenKind.OptionalSubstitution:
                return Substitution();
            case TokenKind.Space:
                at++;
                return new SpaceSyntax(token.Line, token.Text);
            case TokenKind.Quoted or TokenKind.Unquoted:
                at++;
                return new TextSyntax(token.Line, token.Text, token.Kind == TokenKind.Quoted);
            default:
                return null;
        }
    }

    private SubstitutionSyntax Substitution()
    {
        var open = Current;
        var start = ++at;
        while (Current.Kind is TokenKind.Quoted or TokenKind.Unquoted or TokenKind.Space)
            at++;
        if (Current.Kind != TokenKind.CloseBrace)
            throw Fail(open, $"{open.Describe()} is never closed; expected '}}', but found {Current.Describe()}");
        var path = PathExpression.Read(CollectionsMarshal.AsSpan(tokens)[start..at], out var reason)
            ?? throw Fail(open, $"{open.Text}...}} holds {reason}");
        at++;
        return new SubstitutionSyntax(open.Line, path, open.Kind == TokenKind.OptionalSubstitution);
    }

    /// <summary><c>include "f"</c>, <c>include file("f")</c>; <c>required(...)</c> or <c>optional(...)</c> around either.</summary>
    private IncludeSyntax Include()
    {
        var keyword = Current;
        at++;
        var opening = Words(acrossLines: true);
        if (Current.Kind != TokenKind.Quoted)
            throw Fail(keyword, "'include' needs a quoted file name; quote the word itself if it is meant as a key");
        var name = Current.Text;
        at++;
        var optional = opening is "optional(" or "optional(file(";
        if (opening is not ("" or "file(" or "required(" or "required(file(") && !optional)
            throw Fail(keyword, $"'include {opening}' is not supported; use include \"...\" or include optional(\"...\")");
        var closing = new string(')', opening.Count(c => c == '('));
        if (Words(acrossLines: false) != closing)
            throw Fail(keyword, closing.Length == 0 ? "expected a new line after the included file's name" : $"expected '{closing}' after the included file's name");
        if (name.Length == 0)
            throw Fail(keyword, "'include' needs a file name, but it is empty");
        return new IncludeSyntax(keyword.Line, name, !optional);
    }

    private string Words(bool acrossLines)
    {
        var words = new StringBuilder();
        for (; Current.Kind is TokenKind.Space or TokenKind.Unquoted || (acrossLines && Current.Kind == TokenKind.Newline); at++)
            words.Append(Current.Kind == TokenKind.Unquoted ? Current.Text : "");
        return words.ToString();
    }
}
