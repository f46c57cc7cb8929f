using MultiCluster.Federation.Ingresses;
using MultiCluster.Federation.Members;
using MultiCluster.Federation.Settings;
using MultiCluster.Model.Collections;
using MultiCluster.Model.Identity;
using MultiCluster.Model.Members;
using MultiCluster.Model.Resources;

namespace MultiCluster.Federation.Migration;

/// <summary>What counts for Ingresses besides their annotations, as far as the objects that are to be moved tell: settings and parameters of classes.</summary>
internal sealed class DefaultsOfInput
{
    private static readonly (string Controller, string Prefix)[] Settings =
        [("haproxy.org/", "haproxy.org/"), ("haproxy-ingress.github.io/", ParametersPrefix), ("k8s.io/ingress-nginx", "nginx.ingress.kubernetes.io/")];

    /// <summary>Keys of parameters have none; they are those of HAProxy Ingress, which alone has some.</summary>
    private const string ParametersPrefix = "haproxy-ingress.github.io/";

    private readonly ControllersOfClasses _classes;
    private readonly Dictionary<ObjectKey, ConfigMapResource> _maps;
    private readonly List<(string Prefix, EquatableMap Settings)> _settings;

    public DefaultsOfInput(MigrationInput input, ControllersOfClasses classes)
    {
        _classes = classes;
        _maps = input.Of<ConfigMapResource>().DistinctBy(static map => map.Key).ToDictionary(static map => map.Key);
        _settings = [.. from source in input.Settings.Items where _maps.ContainsKey(source.ConfigMap) select (source.Prefix, Read(source, _maps[source.ConfigMap].Data))];
    }

    public IReadOnlyDictionary<ObjectKey, ConfigMapResource> ConfigMaps => _maps;

    /// <summary>ConfigMaps that are parameters of classes, without those of settings.</summary>
    public IEnumerable<SettingsSource> Parameters(MigrationInput input) => _classes.Ours
        .Select(MapOf).OfType<ObjectKey>().Distinct().Where(key => input.Settings.All(source => source.ConfigMap != key))
        .Select(static key => new SettingsSource(key, ParametersPrefix));

    /// <summary>As the controller has it whose settings are those of the Ingress' class; of settings of several controllers those count that are of its own.</summary>
    public FederationContext ContextOf(IngressResource ingress)
    {
        var controller = _classes.ClassOf(ingress)?.Controller ?? "";
        var prefix = Array.Find(Settings, item => controller.StartsWith(item.Controller, StringComparison.Ordinal)).Prefix;
        var own = _settings.Where(item => prefix is null || item.Prefix == prefix).ToList();
        var counting = own.Count > 0 || _settings.Count > 1 ? own : _settings;
        return FederationContext.Default with { Defaults = counting.Aggregate(IngressDefaults.None, static (defaults, item) => defaults.With(item.Settings)) };
    }

    /// <summary>Null: its class says nothing.</summary>
    public ClassParameters? ParametersOf(IngressResource ingress) => _classes.ClassOf(ingress) is { } found && MapOf(found) is { } key
        ? new ClassParameters(found.Key.Name, Only(_maps[key].Data, key), true, null, [])
        : null;

    /// <summary>Those that count where the operator names such a ConfigMap.</summary>
    public static EquatableMap Read(SettingsSource source, EquatableMap data) => SettingsReader.Keep(SettingsReader.Read(source, data), EquatableMap.Empty);

    private static EquatableMap Only(EquatableMap data, ObjectKey key) => IngressDefaults.Only(SettingsReader.Read(new SettingsSource(key, ParametersPrefix), data));

    /// <summary>A reference to all of the cluster tells no namespace, and the operator names it: the first of that name is taken.</summary>
    private ObjectKey? MapOf(IngressClassResource item)
    {
        if (item.Parameters is not { Kind: "ConfigMap", ApiGroup.Length: 0 } reference)
            return null;
        return reference.Namespace is { } space
            ? _maps.ContainsKey(new ObjectKey(space, reference.Name)) ? new ObjectKey(space, reference.Name) : null
            : _maps.Keys.Where(key => key.Name == reference.Name).Order().Select(static key => (ObjectKey?)key).FirstOrDefault();
    }
}
