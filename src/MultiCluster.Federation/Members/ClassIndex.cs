using MultiCluster.Model.Identity;
using MultiCluster.Model.Members;
using MultiCluster.Model.Resources;

namespace MultiCluster.Federation.Members;

/// <summary>One member's IngressClasses, the Ingresses that name them, and the verdict on each.</summary>
internal sealed class ClassIndex(ClassOptions options)
{
    private readonly Dictionary<string, IngressClassResource> _classes = new(StringComparer.Ordinal);
    private readonly ReverseIndex<string> _byClass = new();
    private readonly HashSet<ObjectKey> _classless = [];
    private int _ourDefaults;

    public IReadOnlyCollection<string> Names => _classes.Keys;

    public IngressClassResource? Find(string name) => _classes.GetValueOrDefault(name);

    /// <summary>The class of ours that the Ingress is of; null: of none that there is.</summary>
    public IngressClassResource? ClassOf(IngressResource ingress) => NameOf(ingress) switch
    {
        (_, true) => null,
        ({ } name, _) => _classes.GetValueOrDefault(name),
        _ => _classes.Values.Where(IsOurDefault).MinBy(static item => item.Key.Name, StringComparer.Ordinal),
    };

    /// <summary>Adds the Ingresses of classes whose parameters are in this ConfigMap.</summary>
    public void AddUsersOf(Predicate<ParametersReference> isMeant, HashSet<ObjectKey> dirty)
    {
        foreach (var (name, item) in _classes.Where(item => item.Value.Parameters is { } parameters && isMeant(parameters)))
            AddOf(name, item, dirty);
    }

    private void AddOf(string name, IngressClassResource? item, HashSet<ObjectKey> dirty)
    {
        _byClass.AddTo(dirty, name);
        if (IsOurDefault(item))
            dirty.UnionWith(_classless);
    }

    public ClassVerdict Judge(IngressResource ingress)
    {
        var (name, contradictory) = NameOf(ingress);
        if (contradictory)
            return ClassVerdict.Contradictory;
        if (name is null)
            return options.WatchWithoutClass || _ourDefaults > 0 ? ClassVerdict.Ours : ClassVerdict.Foreign;
        if (!_classes.TryGetValue(name, out var ingressClass))
            return ClassVerdict.Missing;
        return IsOurs(ingressClass) ? ClassVerdict.Ours : ClassVerdict.Foreign;
    }

    /// <summary>Ingresses that are ours because of the class, at least 1.</summary>
    public int Worth(string name) =>
        Math.Max(1, _byClass.Count(name) + (IsOurDefault(_classes.GetValueOrDefault(name)) ? _classless.Count : 0));

    public void Track(IngressResource ingress)
    {
        if (NameOf(ingress).Name is { } name)
            _byClass.Add(name, ingress.Key);
        else
            _classless.Add(ingress.Key);
    }

    public void Untrack(IngressResource ingress)
    {
        if (NameOf(ingress).Name is { } name)
            _byClass.Remove(name, ingress.Key);
        else
            _classless.Remove(ingress.Key);
    }

    /// <summary>Adds to <paramref name="dirty"/> the Ingresses whose verdict may be another now; a null class is a deletion.</summary>
    public void Set(string name, IngressClassResource? next, HashSet<ObjectKey> dirty)
    {
        _classes.TryGetValue(name, out var previous);
        if (next is null)
            _classes.Remove(name);
        else
            _classes[name] = next;
        if (previous is null != next is null || IsOurs(previous) != IsOurs(next))
            _byClass.AddTo(dirty, name);
        if (previous?.Parameters != next?.Parameters || (next?.Parameters is not null && previous?.IsDefault != next.IsDefault))
        {
            AddOf(name, previous, dirty);
            AddOf(name, next, dirty);
        }

        var defaults = _ourDefaults + (IsOurDefault(next) ? 1 : 0) - (IsOurDefault(previous) ? 1 : 0);
        if (defaults > 0 != _ourDefaults > 0)
            dirty.UnionWith(_classless);
        _ourDefaults = defaults;
    }

    /// <summary>The field and the annotations may all be there only when they are equal: what names two classes is of neither.</summary>
    public static (string? Name, bool Contradictory) NameOf(IngressResource ingress)
    {
        var name = string.IsNullOrEmpty(ingress.ClassName) ? null : ingress.ClassName;
        var isContradictory = false;
        foreach (var key in ClassOptions.Annotations)
        {
            var annotation = ingress.Meta.Annotations.Find(key);
            if (string.IsNullOrEmpty(annotation))
                continue;
            isContradictory |= name is not null && !string.Equals(name, annotation, StringComparison.Ordinal);
            name ??= annotation;
        }

        return (name, isContradictory);
    }

    private bool IsOurs(IngressClassResource? ingressClass) =>
        ingressClass is not null && string.Equals(ingressClass.Controller, options.ControllerName, StringComparison.Ordinal);

    private bool IsOurDefault(IngressClassResource? ingressClass) => IsOurs(ingressClass) && ingressClass!.IsDefault;
}
