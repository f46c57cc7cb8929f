using System.Globalization;
using System.Text;
using System.Text.Unicode;
using MultiCluster.Kubernetes.Client;
using MultiCluster.Model.Identity;
using MultiCluster.TestKit.FakeApiServer;

namespace MultiCluster.Benchmarks.Support;

/// <summary>Objects as an API server would send them, short of what only it knows.</summary>
internal static class Objects
{
    public const string Namespace = "bench";

    public static string Name(int i) => string.Create(CultureInfo.InvariantCulture, $"app-{i}");

    public static string Host(int i) => $"{Name(i)}.bench.example";

    public static ObjectKey Key(int i) => new(Namespace, Name(i));

    public static void ApplyClass(FakeCluster cluster) => Apply(cluster, ResourcePath.IngressClasses, new ObjectKey("", "multicluster"), """
        {"apiVersion":"networking.k8s.io/v1","kind":"IngressClass","metadata":{"name":"multicluster"},"spec":{"controller":"multicluster-ingress.github.io/controller"}}
        """);

    public static void ApplyIngress(FakeCluster cluster, int i) => ApplyIngress(cluster, i, service: i);

    public static void ApplyIngress(FakeCluster cluster, int i, int service) => ApplyIngress(cluster, Key(i), Host(i), Name(service));

    /// <param name="annotations">Members of a JSON object.</param>
    /// <param name="paths">All of them lead to the Service.</param>
    public static void ApplyIngress(FakeCluster cluster, ObjectKey key, string host, string service, string annotations = "", params ReadOnlySpan<string> paths)
    {
        var list = new List<string>();
        foreach (var path in paths.Length == 0 ? ["/"] : paths)
            list.Add($$$"""{"path":"{{{path}}}","pathType":"Prefix","backend":{"service":{"name":"{{{service}}}","port":{"number":80} } } }""");
        Apply(cluster, ResourcePath.Ingresses, key, $$$"""
            {"apiVersion":"networking.k8s.io/v1","kind":"Ingress","metadata":{"name":"{{{key.Name}}}","namespace":"{{{key.Namespace}}}","annotations":{ {{{annotations}}} },"generation":1},"spec":{"ingressClassName":"multicluster","rules":[{"host":"{{{host}}}","http":{"paths":[{{{string.Join(',', list)}}}]} }]},"status":{"loadBalancer":{} } }
            """);
    }

    /// <param name="value">Of the only key.</param>
    public static void ApplySecret(FakeCluster cluster, string name, string key, string value) => Apply(cluster, ResourcePath.Secrets, new ObjectKey(Namespace, name), $$$"""
        {"apiVersion":"v1","kind":"Secret","type":"Opaque","metadata":{"name":"{{{name}}}","namespace":"{{{Namespace}}}"},"data":{"{{{key}}}":"{{{Convert.ToBase64String(Encoding.UTF8.GetBytes(value))}}}"} }
        """);

    public static void ApplyService(FakeCluster cluster, int i) => ApplyService(cluster, Key(i));

    public static void ApplyService(FakeCluster cluster, ObjectKey key) => Apply(cluster, ResourcePath.Services, key, $$$"""
        {"apiVersion":"v1","kind":"Service","metadata":{"name":"{{{key.Name}}}","namespace":"{{{key.Namespace}}}"},"spec":{"clusterIP":"10.96.0.10","clusterIPs":["10.96.0.10"],"type":"ClusterIP","ipFamilies":["IPv4"],"ports":[{"name":"http","port":80,"protocol":"TCP","targetPort":8080}],"selector":{"app":"{{{key.Name}}}"} },"status":{"loadBalancer":{} } }
        """);

    /// <param name="pods">Name and address of each.</param>
    public static void ApplySlice(FakeCluster cluster, int i, int port, params ReadOnlySpan<(string Pod, string Address)> pods) =>
        ApplySlice(cluster, Key(i), port, pods);

    /// <param name="service">Whose slice it is.</param>
    public static void ApplySlice(FakeCluster cluster, ObjectKey service, int port, params ReadOnlySpan<(string Pod, string Address)> pods)
    {
        var (space, name) = (service.Namespace, service.Name);
        var json = new byte[512 + (256 * pods.Length)];
        var fits = Utf8.TryWrite(json, CultureInfo.InvariantCulture, $$$"""{"apiVersion":"discovery.k8s.io/v1","kind":"EndpointSlice","metadata":{"name":"{{{name}}}-x1","namespace":"{{{space}}}","labels":{"kubernetes.io/service-name":"{{{name}}}"} },"addressType":"IPv4","ports":[{"name":"http","port":{{{port}}},"protocol":"TCP"}],"endpoints":[""", out var length);
        for (var n = 0; n < pods.Length; n++)
        {
            fits &= Utf8.TryWrite(json.AsSpan(length), CultureInfo.InvariantCulture, $$$"""{{{(n == 0 ? "" : ",")}}}{"addresses":["{{{pods[n].Address}}}"],"conditions":{"ready":true,"serving":true,"terminating":false},"nodeName":"node-1","targetRef":{"kind":"Pod","name":"{{{pods[n].Pod}}}","namespace":"{{{space}}}"}}""", out var written);
            length += written;
        }

        if (!fits)
            throw new ArgumentException("names too long for a slice", nameof(pods));
        "]}"u8.CopyTo(json.AsSpan(length));
        cluster.ApplyRaw(ResourcePath.EndpointSlices, new ObjectKey(space, name + "-x1"), json.AsMemory(0, length + 2));
    }

    private static void Apply(FakeCluster cluster, ResourcePath resource, ObjectKey key, string json) =>
        cluster.ApplyRaw(resource, key, Encoding.UTF8.GetBytes(json));
}
