namespace MultiCluster.Hocon.Syntax;

internal enum TokenKind
{
    OpenBrace,
    CloseBrace,
    OpenBracket,
    CloseBracket,
    Comma,
    Colon,
    Equals,
    PlusEquals,
    Newline,
    Space,
    Quoted,
    Unquoted,
    Substitution,
    OptionalSubstitution,
    End,
}

internal readonly record struct Token(TokenKind Kind, string Text, int Line)
{
    public string Describe() => Kind switch
    {
        TokenKind.Newline => "the end of the line",
        TokenKind.End => "the end of the file",
        TokenKind.Quoted => "a quoted string",
        _ => $"'{Text}'",
    };
}
