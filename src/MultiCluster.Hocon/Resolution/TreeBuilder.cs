using MultiCluster.Hocon.Syntax;

namespace MultiCluster.Hocon.Resolution;

/// <summary>Syntax to cells: splits dotted keys, reads includes in their place.</summary>
internal sealed class TreeBuilder(IncludeReader includes)
{
    /// <param name="File">The file whose syntax is being built.</param>
    /// <param name="Path">Absolute path of the object being built; null inside a list, where no path leads.</param>
    /// <param name="Mount">Where the file's root is mounted.</param>
    private sealed record Scope(string File, IReadOnlyList<string>? Path, IReadOnlyList<string> Mount)
    {
        public HoconOrigin At(int line) => new(File, line);

        public Scope Inside(IReadOnlyList<string> path) => Path is null ? this : this with { Path = [.. Path, .. path] };

        public Scope InList() => this with { Path = null };
    }

    public ObjectCell Build(ObjectSyntax syntax, string file) =>
        Object(syntax, new HoconOrigin(file, syntax.Line), new Scope(file, [], []));

    private ObjectCell Object(ObjectSyntax syntax, HoconOrigin origin, Scope scope)
    {
        var target = new ObjectCell(origin);
        foreach (var member in syntax.Members)
        {
            if (member is FieldSyntax field)
                AddField(target, field, scope);
            else if (member is IncludeSyntax include)
                AddInclude(target, include, scope);
        }
        return target;
    }

    private void AddInclude(ObjectCell target, IncludeSyntax include, Scope scope)
    {
        if (includes.Enter(include, scope.File) is not { } entered)
            return;
        var mount = scope.Path ?? [];
        var inner = new Scope(entered.File, scope.Path, mount);
        target.Add(Object(entered.Syntax, inner.At(entered.Syntax.Line), inner));
        includes.Leave();
    }

    private void AddField(ObjectCell target, FieldSyntax field, Scope scope)
    {
        var origin = scope.At(field.Line);
        foreach (var element in field.Path.SkipLast(1))
            target = target.Open(element, origin);
        var cells = Cells(field.Value, origin, scope.Inside(field.Path));
        if (field.Append)
            cells = [new ExpressionCell(origin, [new EarlierPart(), new LiteralPart(new ListCell(origin, [cells]))], mustBeObject: false)];
        foreach (var cell in cells)
            target.Add(field.Path[^1], cell);
    }

    private IReadOnlyList<Cell> Cells(ValueSyntax value, HoconOrigin origin, Scope scope) => value switch
    {
        TextSyntax text => [Scalar(text, origin)],
        ListSyntax list => [List(list, origin, scope)],
        ObjectSyntax syntax => [Object(syntax, origin, scope)],
        SubstitutionSyntax substitution => [new ExpressionCell(origin, [Substitution(substitution, scope)], mustBeObject: false)],
        ConcatenationSyntax concatenation => Concatenation(concatenation.Parts, origin, scope),
        _ => throw new InvalidOperationException($"{value.GetType().Name} is not a value of its own"),
    };

    private IReadOnlyList<Cell> Concatenation(IReadOnlyList<ValueSyntax> parts, HoconOrigin origin, Scope scope)
    {
        if (parts.All(p => p is TextSyntax or SpaceSyntax))
            return [new ScalarCell(origin, ScalarKind.String, string.Concat(parts.Select(Text)))];
        if (parts.Any(p => p is ObjectSyntax) && parts.All(p => p is ObjectSyntax or SubstitutionSyntax or SpaceSyntax))
            return [.. parts.Where(p => p is not SpaceSyntax).Select(p => ObjectPart(p, origin, scope))];
        return [new ExpressionCell(origin, [.. parts.Select(p => ToPart(p, scope))], mustBeObject: false)];
    }

    /// <summary>
    /// <c>${base} { x = 1 }</c> is the same as assigning both in turn, and as two assignments a path can
    /// reach into the literal while the substitution is still open.
    /// </summary>
    private Cell ObjectPart(ValueSyntax part, HoconOrigin origin, Scope scope) => part is SubstitutionSyntax substitution
        ? new ExpressionCell(origin, [Substitution(substitution, scope)], mustBeObject: true)
        : Object((ObjectSyntax)part, origin, scope);

    private Part ToPart(ValueSyntax part, Scope scope) => part switch
    {
        TextSyntax text => new TextPart(text.Text),
        SpaceSyntax space => new SpacePart(space.Text),
        SubstitutionSyntax substitution => Substitution(substitution, scope),
        _ => new LiteralPart(Cells(part, scope.At(part.Line), scope.InList())[0]),
    };

    private ListCell List(ListSyntax list, HoconOrigin origin, Scope scope) =>
        new(origin, [.. list.Items.Select(item => Cells(item, scope.At(item.Line), scope.InList()))]);

    private static SubstitutionPart Substitution(SubstitutionSyntax syntax, Scope scope) => new(syntax.Path, scope.Mount, syntax.Optional);

    private static string Text(ValueSyntax part) => part is TextSyntax text ? text.Text : ((SpaceSyntax)part).Text;

    private static ScalarCell Scalar(TextSyntax text, HoconOrigin origin) => new(origin, Kind(text), text.Text);

    private static ScalarKind Kind(TextSyntax text) => text switch
    {
        { Quoted: true } => ScalarKind.String,
        { Text: "null" } => ScalarKind.Null,
        { Text: "true" or "false" } => ScalarKind.Boolean,
        _ => Characters.IsNumber(text.Text) ? ScalarKind.Number : ScalarKind.String,
    };
}
