namespace MultiCluster.Hocon.Resolution;

/// <summary>
/// Follows substitutions through the merged layers.
/// </summary>
/// <remarks>
/// A path is looked up as a view: the assignments that make up its value, lowest priority first. Objects are resolved only
/// as far as a path leads, so an object may refer to its own fields. A reference that meets the very assignment it stands in
/// looks back at the assignments below (the specification's self-reference); one that meets another assignment whose value is
/// still being worked out is a cycle. Because looking back depends on nothing but the assignment's own place, each
/// assignment has one value, and it is kept.
/// </remarks>
internal sealed partial class Resolver(IReadOnlyList<ObjectCell> layers, Func<string, string?> environment)
{
    private readonly Dictionary<ExpressionCell, ConfigNode?> resolved = [];
    private readonly List<ExpressionCell> open = [];
    private readonly HashSet<ExpressionCell> passing = [];
    private readonly HashSet<ExpressionCell> failed = [];
    private readonly List<HoconError> errors = [];
    private ExpressionCell? asker;

    /// <summary>Counts errors and values met that are missing because of one; what follows from them is not reported.</summary>
    private int faults;
    private int steps;

    public IReadOnlyList<HoconError> Errors => errors;

    public ConfigObject Resolve() => (ConfigObject)Evaluate(layers)!;

    private ConfigNode? Evaluate(IReadOnlyList<Cell> view)
    {
        if (view is [ResolvedCell only])
            return only.Value;
        Step(view);
        var objects = new List<Cell>();
        for (var i = view.Count - 1; i >= 0; i--)
        {
            var value = view[i] is ObjectCell ? null : Value(view, i);
            if (value is not (null or ConfigObject))
                return Leave(objects.Count == 0 ? value : Merge(objects));
            if (value is not null)
                objects.Add(new ResolvedCell(value));
            else if (view[i] is ObjectCell)
                objects.Add(view[i]);
        }
        return Leave(objects.Count == 0 ? null : Merge(objects));
    }

    private ConfigNode? Value(IReadOnlyList<Cell> view, int index) => view[index] switch
    {
        ScalarCell scalar => scalar.Value,
        ResolvedCell done => done.Value,
        ListCell list => new ConfigList(list.Origin, [.. list.Items.Select(Evaluate).OfType<ConfigNode>()]),
        ExpressionCell expression => Value(expression, view, index),
        _ => null,
    };

    private ConfigNode? Value(ExpressionCell expression, IReadOnlyList<Cell> view, int index)
    {
        if (resolved.TryGetValue(expression, out var known))
        {
            faults += failed.Contains(expression) ? 1 : 0;
            return known;
        }
        if (open.Contains(expression))
            return Cycle(expression);
        open.Add(expression);
        var before = faults;
        var outer = asker;
        asker = expression;
        var value = Combine(expression, view, index);
        asker = outer;
        open.RemoveAt(open.Count - 1);
        if (expression.MustBeObject && value is not (null or ConfigObject))
        {
            Report(expression.Origin, $"{expression.Alone} stands beside an object, but is {Describe.Kind(value)}");
            value = null;
        }
        if (faults != before)
            failed.Add(expression);
        return resolved[expression] = value?.At(expression.Origin);
    }

    /// <param name="objects">Highest priority first.</param>
    private ConfigNode Merge(List<Cell> objects)
    {
        if (objects is [ResolvedCell only])
            return only.Value;
        var origin = objects[0].Origin;
        objects.Reverse();
        var fields = new OrderedDictionary<string, ConfigNode>(StringComparer.Ordinal);
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var key in objects.SelectMany(Keys))
        {
            if (seen.Add(key) && Evaluate(Child(objects, key)) is { } value)
                fields.Add(key, value);
        }
        return new ConfigObject(origin, fields);
    }

    private static IEnumerable<string> Keys(Cell cell) => cell switch
    {
        ObjectCell literal => literal.Keys,
        ResolvedCell { Value: ConfigObject value } => value.Fields.Keys,
        _ => [],
    };

    private ConfigNode? Cycle(ExpressionCell expression)
    {
        var path = open.SkipWhile(e => e != expression).Select(e => $"{string.Concat(e.Parts.OfType<SubstitutionPart>().Take(1))} at {e.Origin}");
        Report(open[^1].Origin, $"substitutions form a cycle: {string.Join(" -> ", path)}");
        return null;
    }

    private void Step(IReadOnlyList<Cell> view)
    {
        if (++steps <= Limits.Steps)
            return;
        var origin = open.Count > 0 ? open[^1].Origin : view[^1].Origin;
        throw new HoconException([.. errors, HoconError.At(origin, $"substitutions and objects are nested deeper than {Limits.Steps} steps")]);
    }

    private ConfigNode? Leave(ConfigNode? value)
    {
        steps--;
        return value;
    }

    private void Report(HoconOrigin origin, string message)
    {
        faults++;
        errors.Add(HoconError.At(origin, message));
    }
}
