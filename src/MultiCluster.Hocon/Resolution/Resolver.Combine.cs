using System.Text;

namespace MultiCluster.Hocon.Resolution;

internal sealed partial class Resolver
{
    private ConfigNode? Combine(ExpressionCell expression, IReadOnlyList<Cell> view, int index)
    {
        if (expression.Alone is { } alone)
            return Substitute(alone, expression);
        var values = new List<(Part Part, ConfigNode? Value)>(expression.Parts.Count);
        foreach (var part in expression.Parts)
            values.Add((part, PartValue(part, expression, view, index)));
        var whole = values.Select(v => v.Value).OfType<ConfigNode>().ToList();
        if (whole.Exists(v => v is ConfigList or ConfigObject))
            return Join(expression.Origin, whole);
        return whole.Count == 0 ? null : Text(expression, values);
    }

    private ConfigNode? PartValue(Part part, ExpressionCell owner, IReadOnlyList<Cell> view, int index) => part switch
    {
        TextPart text => new ConfigScalar(owner.Origin, ScalarKind.String, text.Text),
        SubstitutionPart substitution => Substitute(substitution, owner),
        LiteralPart literal => Evaluate([literal.Cell]),
        EarlierPart => Evaluate([.. view.Take(index)]) is var earlier and not ConfigScalar { IsNull: true } ? earlier : null,
        _ => null,
    };

    private ConfigNode? Join(HoconOrigin origin, List<ConfigNode> whole)
    {
        if (whole.TrueForAll(v => v is ConfigList))
            return new ConfigList(origin, [.. whole.Cast<ConfigList>().SelectMany(l => l.Items)]);
        if (whole.TrueForAll(v => v is ConfigObject))
            return Evaluate([.. whole.Select(v => new ResolvedCell(v))]);
        Report(origin, $"{Describe.Kind(whole[0])} cannot be joined with {Describe.Kind(whole.Find(v => v.GetType() != whole[0].GetType())!)}");
        return null;
    }

    private static ConfigScalar Text(ExpressionCell expression, List<(Part Part, ConfigNode? Value)> values)
    {
        var text = new StringBuilder();
        HoconOrigin? variable = null;
        foreach (var (part, value) in values)
        {
            text.Append(part is SpacePart space ? space.Text : (value as ConfigScalar)?.Text);
            variable ??= value?.Origin.Variable is null ? null : value.Origin;
            if (text.Length > Limits.Text)
                throw new HoconException(expression.Origin, $"the text grows longer than {Limits.Text} characters through its substitutions");
        }
        return new ConfigScalar(expression.Origin with { Variable = variable?.Variable }, ScalarKind.String, text.ToString());
    }
}
