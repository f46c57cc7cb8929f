using System.Text;
using MultiCluster.Federation.Annotations;
using MultiCluster.Model.Collections;
using MultiCluster.Model.Identity;
using MultiCluster.Model.Resources;

namespace MultiCluster.Federation.Members;

/// <summary>
/// ConfigMaps of headers that annotations name, "name: value" of each entry. What one says takes the place of its name in the copy of the
/// Ingress, after a line that has the name, so that it is compared, kept and judged as the Ingress itself. Only those that the configuration
/// names and that are of the Ingress' own namespace: of another's nothing is to be read by way of an answer.
/// </summary>
internal static class HeaderMaps
{
    public const string Mark = "# ";

    private static readonly string[] Keys = ["custom-headers", "auth-proxy-set-headers"];

    /// <param name="wanted">That the configuration names.</param>
    /// <param name="find">What one holds; null: it is not there.</param>
    public static IngressResource Resolve(IngressResource ingress, EquatableArray<ObjectKey> wanted, Func<ObjectKey, EquatableMap?> find)
    {
        if (wanted.IsEmpty)
            return ingress;
        var annotations = ingress.Meta.Annotations;
        foreach (var (name, key) in References(ingress))
        {
            if (wanted.Contains(key) && find(key) is { } data)
                annotations = EquatableMap.From(annotations.Where(item => item.Key != name).Append(KeyValuePair.Create(name, Text(key, data))));
        }

        return annotations.Equals(ingress.Meta.Annotations) ? ingress : ingress with { Meta = ingress.Meta with { Annotations = annotations } };
    }

    public static bool Names(IngressResource ingress, IReadOnlyCollection<ObjectKey> maps) => References(ingress).Any(item => maps.Contains(item.Map));

    private static IEnumerable<(string Annotation, ObjectKey Map)> References(IngressResource ingress)
    {
        foreach (var (name, value) in ingress.Meta.Annotations)
        {
            if (AnnotationIndex.Find(name) is { Family.Name: "nginx" } known && Keys.Contains(known.Entry.Key, StringComparer.Ordinal) && KeyOf(value.Trim(), ingress.Key.Namespace) is { } key)
                yield return (name, key);
        }
    }

    private static ObjectKey? KeyOf(string value, string space)
    {
        if (!ValueChecks.IsObject(value))
            return null;
        var slash = value.IndexOf('/', StringComparison.Ordinal);
        return slash < 0 || value.AsSpan(0, slash).SequenceEqual(space) ? new ObjectKey(space, value[(slash + 1)..]) : null;
    }

    /// <summary>A value of several lines stays one, of which its reader then says what is wrong.</summary>
    private static string Text(ObjectKey map, EquatableMap data)
    {
        var text = new StringBuilder().Append(Mark).Append(map).Append('\n');
        foreach (var (name, value) in data)
            text.Append(name).Append(": ").Append(value.Trim().Replace('\n', '\r')).Append('\n');
        return text.ToString();
    }
}
