namespace MultiCluster.Hocon.Resolution;

internal sealed partial class Resolver
{
    /// <returns>The value; null when undefined and optional, or after a report.</returns>
    private ConfigNode? Substitute(SubstitutionPart part, ExpressionCell owner)
    {
        var before = faults;
        if (part.Mount.Count > 0 && Find([.. part.Mount, .. part.Path]) is { } mounted)
            return mounted;
        if (Find(part.Path) is { } found)
            return found;
        var variable = string.Join('.', part.Path);
        if (environment(variable) is { } text)
            return new ConfigScalar(owner.Origin with { Variable = variable }, ScalarKind.String, text);
        if (!part.Optional && faults == before)
            Report(owner.Origin, $"{part} is not defined: there is no such key before or besides this one, and no such environment variable");
        return null;
    }

    private ConfigNode? Find(IReadOnlyList<string> path) => Evaluate(LookBack(Lookup(path)));

    private IReadOnlyList<Cell> Lookup(IReadOnlyList<string> path)
    {
        IReadOnlyList<Cell> view = layers;
        foreach (var element in path)
        {
            view = Child(LookBack(view), element);
            if (view.Count == 0)
                break;
        }
        return view;
    }

    /// <summary>What lies below the assignment that asks, if it is part of the view.</summary>
    private IReadOnlyList<Cell> LookBack(IReadOnlyList<Cell> view)
    {
        for (var i = 0; asker is not null && i < view.Count; i++)
        {
            if (view[i] == asker)
                return [.. view.Take(i)];
        }
        return view;
    }

    private List<Cell> Child(IReadOnlyList<Cell> view, string key)
    {
        var cells = new List<Cell>();
        Collect(view, key, cells);
        cells.Reverse();
        return cells;
    }

    /// <summary>Adds the assignments to <paramref name="key"/>, highest priority first.</summary>
    /// <returns>False when the view ends in a value that hides whatever lies below it.</returns>
    private bool Collect(IReadOnlyList<Cell> view, string key, List<Cell> cells)
    {
        for (var i = view.Count - 1; i >= 0; i--)
        {
            if (view[i] is ExpressionCell { Alone: { } alone } pass && !resolved.ContainsKey(pass))
            {
                if (!CollectThrough(pass, alone, key, cells))
                    return false;
                continue;
            }
            if (view[i] is ObjectCell literal)
            {
                cells.AddRange(Enumerable.Reverse(literal.Find(key) ?? []));
                continue;
            }
            var value = Value(view, i);
            if (value is not (null or ConfigObject))
                return false;
            if ((value as ConfigObject)?.Find(key) is { } child)
                cells.Add(new ResolvedCell(child));
        }
        return true;
    }

    /// <summary>Follows a lone substitution to its target without resolving all of the target.</summary>
    private bool CollectThrough(ExpressionCell pass, SubstitutionPart alone, string key, List<Cell> cells)
    {
        if (!passing.Add(pass))
        {
            Report(pass.Origin, $"substitutions form a cycle through {alone}");
            return false;
        }
        Step([pass]);
        var outer = asker;
        asker = pass;
        var target = LookBack(Lookup([.. alone.Mount, .. alone.Path]));
        if (target.Count == 0 && alone.Mount.Count > 0)
            target = LookBack(Lookup(alone.Path));
        var hides = target.Count == 0
            ? environment(string.Join('.', alone.Path)) is not null
            : !Collect(target, key, cells);
        asker = outer;
        Leave(null);
        passing.Remove(pass);
        return !hides;
    }
}
