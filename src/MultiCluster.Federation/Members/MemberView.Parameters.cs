using MultiCluster.Federation.Annotations;
using MultiCluster.Federation.Settings;
using MultiCluster.Federation.Text;
using MultiCluster.Model.Collections;
using MultiCluster.Model.Identity;
using MultiCluster.Model.Members;
using MultiCluster.Model.Resources;

namespace MultiCluster.Federation.Members;

/// <summary>What IngressClasses say for all their Ingresses: a ConfigMap each, with the names of HAProxy Ingress, which alone has such parameters.</summary>
public sealed partial class MemberView
{
    private const int MaxProblems = 8;

    private readonly Dictionary<ObjectKey, (EquatableMap Data, EquatableMap Settings, EquatableArray<string> Problems)> _parameters = [];

    /// <summary>Keys of parameters have no prefix.</summary>
    private static string Prefix => "haproxy-ingress.github.io/";

    private bool WaitsForParameters => _parametersNamespace is not null && !_configMaps.IsSettled;

    private void MarkParameters(IReadOnlyCollection<ObjectKey> changed, bool all)
    {
        if (_parametersNamespace is not { } space)
            return;
        if (all || changed.Any(key => key.Namespace == space))
            _classes.AddUsersOf(reference => all || changed.Contains(new ObjectKey(space, reference.Name)), _dirtyIngresses);
    }

    private ClassParameters? ParametersOf(IngressResource ingress)
    {
        if (_classes.ClassOf(ingress) is not { Parameters: { } reference } found)
            return null;
        var name = found.Key.Name;
        var key = new ObjectKey(_parametersNamespace ?? reference.Namespace ?? "", reference.Name);
        if (MisplacedProblem(reference) is { } problem)
            return Missing(problem, isRead: true);
        if (_configMaps.IsRefused)
            return Missing($"names ConfigMap {Shown.Key(key)} as its parameters, and ConfigMaps of {Member} can't be read; grant list and watch on configmaps in {key.Namespace} there", isRead: false);
        if (!_configMaps.Has(key))
        {
            var gone = Missing($"names ConfigMap {Shown.Key(key)} as its parameters, which {Member} does not have; create it there, or take the parameters from the class. What is known of them still counts", isRead: false);
            return _parameters.TryGetValue(key, out var last) ? gone with { Settings = last.Settings } : gone;
        }

        var data = _configMaps.Find(key);
        if (!_parameters.TryGetValue(key, out var read) || !read.Data.Equals(data))
            _parameters[key] = read = Read(key, data);
        return new ClassParameters(name, read.Settings, true, null, read.Problems);

        ClassParameters Missing(string text, bool isRead) => new(name, EquatableMap.Empty, isRead, text, []);
    }

    private string? MisplacedProblem(ParametersReference reference)
    {
        if (reference.ApiGroup.Length > 0 || reference.Kind != "ConfigMap")
            return $"has parameters of kind {Shown.Quoted(reference.Kind)}, which nobody here reads; name a ConfigMap, with kind: ConfigMap and without apiGroup";
        if (_parametersNamespace is not { } space)
            return "has parameters, and none are read here; say where they are with haproxy.settings.class-parameters";
        return reference.Namespace is { } other && other != space
            ? $"has parameters in namespace {Shown.Plain(other)}, and haproxy.settings.class-parameters names {space} as the only one that they are read from; move the ConfigMap"
            : null;
    }

    private static (EquatableMap, EquatableMap, EquatableArray<string>) Read(ObjectKey key, EquatableMap data)
    {
        var source = new SettingsSource(key, Prefix);
        var settings = IngressDefaults.Only(SettingsReader.Read(source, data));
        // What counts for routes is told by who reads it, with what it costs; of the rest nobody else would hear.
        var others = EquatableMap.From(data.Where(item => settings.Find(Prefix + item.Key) is null));
        var problems = SettingsReader.Problems(source, others)
            .Concat(others.Keys.Where(static item => Reloads.Names.Contains(Prefix + item)).Select(item => $"ConfigMap {key}, {Shown.Plain(item)}: is about proxies as a whole; write it into the settings of all"));
        return (data, settings, problems.Take(MaxProblems).ToEquatableArray());
    }
}
