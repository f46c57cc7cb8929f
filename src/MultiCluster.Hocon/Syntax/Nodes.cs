namespace MultiCluster.Hocon.Syntax;

/// <summary>What a file says, before includes are read and substitutions followed.</summary>
internal abstract record ValueSyntax(int Line);

/// <summary>A quoted or unquoted string; only an unquoted one can be a number, boolean or null.</summary>
internal sealed record TextSyntax(int Line, string Text, bool Quoted) : ValueSyntax(Line);

internal sealed record SpaceSyntax(int Line, string Text) : ValueSyntax(Line);

internal sealed record SubstitutionSyntax(int Line, IReadOnlyList<string> Path, bool Optional) : ValueSyntax(Line);

internal sealed record ListSyntax(int Line, IReadOnlyList<ValueSyntax> Items) : ValueSyntax(Line);

internal sealed record ObjectSyntax(int Line, IReadOnlyList<MemberSyntax> Members) : ValueSyntax(Line);

/// <summary>Two or more values on one line; spaces only between them.</summary>
internal sealed record ConcatenationSyntax(int Line, IReadOnlyList<ValueSyntax> Parts) : ValueSyntax(Line);

internal abstract record MemberSyntax(int Line);

internal sealed record FieldSyntax(int Line, IReadOnlyList<string> Path, bool Append, ValueSyntax Value) : MemberSyntax(Line);

internal sealed record IncludeSyntax(int Line, string File, bool Required) : MemberSyntax(Line);
