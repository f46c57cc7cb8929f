using System.Text.Json.Nodes;

namespace MultiCluster.EndToEnd.Tests.Hostile;

/// <summary>An Ingress with all that it names, one string of one object replaced.</summary>
/// <param name="Field">Such as <c>Ingress.spec.rules[0].host</c>; a field's own name ends in <c>(key)</c>.</param>
internal sealed record HostileSet(string Name, string Field, string Value, IReadOnlyList<JsonObject> Objects);

/// <summary>Takes good sets of objects and puts each hostile value into each string of them, one at a time.</summary>
/// <param name="prefix">Of all names; another one for each member, so that members don't touch each other's.</param>
/// <param name="every">Only each so-manieth set: coprime to the number of values, each value and each field still has its turns.</param>
internal sealed class HostileObjects(string address, int port, string certificate, string key, string prefix = "s", int every = 1)
{
    public const string Namespace = "hostile";

    /// <summary>Of the rare objects the strings that the usual ones lack.</summary>
    private static readonly HashSet<string> Rare =
    [
        "Service.spec.externalName",
        "EndpointSlice.addressType",
        "EndpointSlice.endpoints[0].addresses[0]",
        "EndpointSlice.endpoints[0].targetRef.name",
        "Ingress.metadata.annotations.kubernetes.io/ingress.class",
        "Ingress.spec.rules[0].http.paths[0].backend.resource.apiGroup",
        "Ingress.spec.rules[0].http.paths[0].backend.resource.kind",
        "Ingress.spec.rules[0].http.paths[0].backend.resource.name",
    ];

    private int _number;

    public IEnumerable<HostileSet> Sets() =>
        SetsOf(Usual, "", static _ => true).Concat(SetsOf(Unusual, "unusual ", Rare.Contains)).Where((_, index) => index % every == 0);

    /// <param name="mark">Tells fields of these objects from those of others with the same name.</param>
    private IEnumerable<HostileSet> SetsOf(Func<string, List<JsonObject>> good, string mark, Func<string, bool> isWanted)
    {
        var shape = good("shape");
        for (var index = 0; index < shape.Count; index++)
        {
            var kind = (string)shape[index]["kind"]!;
            foreach (var path in Strings(shape[index], "").Where(path => path is not (".apiVersion" or ".kind") && isWanted(kind + path)))
            {
                foreach (var value in HostileValues.For(kind + path))
                {
                    var name = $"{prefix}{_number++}";
                    var objects = good(name);
                    Replace(objects[index], path, value);
                    yield return new HostileSet(name, mark + kind + path, value, objects);
                }
            }
        }
    }

    /// <summary>Names are the set's, so that sets don't touch each other.</summary>
    private List<JsonObject> Usual(string name) =>
    [
        Parse($$$"""
            {"apiVersion": "networking.k8s.io/v1", "kind": "IngressClass",
             "metadata": {"name": "{{{name}}}", "labels": {"label": "value"}, "annotations": {"ingressclass.kubernetes.io/is-default-class": "false"}},
             "spec": {"controller": "multicluster-ingress.github.io/controller"}}
            """),
        Parse($$$"""
            {"apiVersion": "v1", "kind": "Service",
             "metadata": {"name": "{{{name}}}", "namespace": "{{{Namespace}}}", "labels": {"label": "value"}, "annotations": {"note": "text"}},
             "spec": {"type": "ClusterIP", "externalName": "unused.test", "clusterIP": "10.0.0.1", "selector": {"app": "web"},
                      "ports": [{"name": "http", "protocol": "TCP", "appProtocol": "http", "port": 8080, "targetPort": "http"}]}}
            """),
        Parse($$$"""
            {"apiVersion": "discovery.k8s.io/v1", "kind": "EndpointSlice", "addressType": "IPv4",
             "metadata": {"name": "{{{name}}}", "namespace": "{{{Namespace}}}", "labels": {"kubernetes.io/service-name": "{{{name}}}"}},
             "ports": [{"name": "http", "protocol": "TCP", "appProtocol": "http", "port": {{{port}}} }],
             "endpoints": [{"addresses": ["{{{address}}}"], "hostname": "pod", "nodeName": "node", "zone": "zone", "conditions": {"ready": true},
                            "targetRef": {"kind": "Pod", "namespace": "{{{Namespace}}}", "name": "pod-{{{name}}}"} }]}
            """),
        Parse($$$"""
            {"apiVersion": "v1", "kind": "Secret", "type": "kubernetes.io/tls",
             "metadata": {"name": "{{{name}}}", "namespace": "{{{Namespace}}}", "annotations": {"note": "text"}},
             "data": {"tls.crt": "{{{certificate}}}", "tls.key": "{{{key}}}"} }
            """),
        Parse($$$"""
            {"apiVersion": "networking.k8s.io/v1", "kind": "Ingress",
             "metadata": {"name": "{{{name}}}", "namespace": "{{{Namespace}}}", "labels": {"label": "value"}, "annotations": {"note": "text"},
                          "creationTimestamp": "2026-01-01T00:00:00Z"},
             "spec": {"ingressClassName": "{{{name}}}",
                      "defaultBackend": {"service": {"name": "{{{name}}}", "port": {"name": "http"} } },
                      "tls": [{"secretName": "{{{name}}}", "hosts": ["{{{name}}}.hostile.test"]}],
                      "rules": [{"host": "{{{name}}}.hostile.test", "http": {"paths": [
                        {"path": "/{{{name}}}", "pathType": "Prefix", "backend": {"service": {"name": "{{{name}}}", "port": {"name": "http"} } } }]} }]}}
            """),
    ];

    /// <summary>An external name, a slice of IPv6, the annotation from before ingressClassName, and a backend that is no Service.</summary>
    private List<JsonObject> Unusual(string name) =>
    [
        Parse($$$"""
            {"apiVersion": "networking.k8s.io/v1", "kind": "IngressClass", "metadata": {"name": "{{{name}}}"},
             "spec": {"controller": "multicluster-ingress.github.io/controller"}}
            """),
        Parse($$$"""
            {"apiVersion": "v1", "kind": "Service", "metadata": {"name": "{{{name}}}", "namespace": "{{{Namespace}}}"},
             "spec": {"type": "ExternalName", "externalName": "localhost", "ports": [{"name": "http", "port": {{{port}}} }]}}
            """),
        Parse($$$"""
            {"apiVersion": "v1", "kind": "Service", "metadata": {"name": "{{{name}}}-six", "namespace": "{{{Namespace}}}"},
             "spec": {"ports": [{"name": "http", "port": 8080}]}}
            """),
        Parse($$$"""
            {"apiVersion": "discovery.k8s.io/v1", "kind": "EndpointSlice", "addressType": "IPv6",
             "metadata": {"name": "{{{name}}}-six", "namespace": "{{{Namespace}}}", "labels": {"kubernetes.io/service-name": "{{{name}}}-six"}},
             "ports": [{"name": "http", "protocol": "TCP", "port": {{{port}}} }],
             "endpoints": [{"addresses": ["fd00::1"], "conditions": {"ready": true},
                            "targetRef": {"kind": "Pod", "namespace": "{{{Namespace}}}", "name": "pod-{{{name}}}"} }]}
            """),
        Parse($$$"""
            {"apiVersion": "networking.k8s.io/v1", "kind": "Ingress",
             "metadata": {"name": "{{{name}}}", "namespace": "{{{Namespace}}}", "annotations": {"kubernetes.io/ingress.class": "{{{name}}}"} },
             "spec": {"rules": [{"host": "{{{name}}}.hostile.test", "http": {"paths": [
                {"path": "/", "pathType": "Prefix", "backend": {"service": {"name": "{{{name}}}", "port": {"name": "http"} } } },
                {"path": "/six", "pathType": "Prefix", "backend": {"service": {"name": "{{{name}}}-six", "port": {"name": "http"} } } }]} }]}}
            """),
        Parse($$$"""
            {"apiVersion": "networking.k8s.io/v1", "kind": "Ingress",
             "metadata": {"name": "{{{name}}}-resource", "namespace": "{{{Namespace}}}"},
             "spec": {"ingressClassName": "{{{name}}}", "rules": [{"host": "{{{name}}}.hostile.test", "http": {"paths": [
                {"path": "/resource", "pathType": "Prefix",
                 "backend": {"resource": {"apiGroup": "storage.test", "kind": "Bucket", "name": "{{{name}}}"} } }]} }]}}
            """),
    ];

    private static JsonObject Parse(string json) => JsonNode.Parse(json)!.AsObject();

    /// <summary>Paths of all strings, and of the names of labels and annotations.</summary>
    private static IEnumerable<string> Strings(JsonNode? node, string path)
    {
        switch (node)
        {
            case JsonObject item:
                foreach (var (name, value) in item)
                {
                    // The other names in an object are the API's own.
                    if (path.EndsWith(".labels", StringComparison.Ordinal) || path.EndsWith(".annotations", StringComparison.Ordinal))
                        yield return $"{path}.{name}(key)";
                    foreach (var inner in Strings(value, $"{path}.{name}"))
                        yield return inner;
                }

                break;
            case JsonArray list:
                for (var i = 0; i < list.Count; i++)
                {
                    foreach (var inner in Strings(list[i], $"{path}[{i}]"))
                        yield return inner;
                }

                break;
            case JsonValue value when value.TryGetValue<string>(out _):
                yield return path;
                break;
        }
    }

    private static void Replace(JsonObject root, string path, string value)
    {
        foreach (var (parent, name, place) in Places(root, ""))
        {
            if (place + "(key)" == path)
            {
                var moved = parent.AsObject()[name]!.DeepClone();
                parent.AsObject().Remove(name);
                parent.AsObject()[value] = moved;
                return;
            }

            if (place != path)
                continue;
            if (parent is JsonArray list)
                list[int.Parse(name)] = value;
            else
                parent.AsObject()[name] = value;
            return;
        }

        throw new ArgumentException($"no field {path}", nameof(path));
    }

    private static IEnumerable<(JsonNode Parent, string Name, string Path)> Places(JsonNode node, string path)
    {
        var children = node switch
        {
            JsonObject item => item.Select(field => (field.Key, Place: $"{path}.{field.Key}", field.Value)),
            JsonArray list => list.Select((value, i) => (Key: $"{i}", Place: $"{path}[{i}]", Value: value)),
            _ => [],
        };
        foreach (var (key, place, value) in children.ToList())
        {
            yield return (node, key, place);
            if (value is null)
                continue;
            foreach (var inner in Places(value, place))
                yield return inner;
        }
    }
}
