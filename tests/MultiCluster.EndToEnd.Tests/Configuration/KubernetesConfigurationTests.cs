using System.Text.Json.Nodes;
using MultiCluster.Cluster.Transport.Http2.Handshake;
using MultiCluster.Host.Configuration;
using MultiCluster.TestKit.Deploy;

namespace MultiCluster.EndToEnd.Tests.Configuration;

/// <summary>The configuration in what deploy/kubernetes renders is one that the program takes, and says what the pods around it say.</summary>
public sealed class KubernetesConfigurationTests
{
    private const string Namespace = "multicluster";

    public static TheoryData<string> Overlays => [.. Kustomize.Overlays.Where(static name => name != "member")];

    [Theory]
    [MemberData(nameof(Overlays))]
    public async Task Each_pod_s_configuration_loads_and_is_that_of_its_role(string overlay)
    {
        foreach (var pod in await PodsAsync(overlay))
        {
            Assert.Equal(pod.Image.Split('/', ':')[1], pod.Options.Role.ToString().ToLowerInvariant());
            Assert.True(pod.Options.LogJson);
            Assert.Equal(pod.Ports["admin"], PortOf(pod.Options.Admin.Listen));
            Assert.Equal(pod.Ports["metrics"], PortOf(pod.Options.Metrics.Listen!));
            Assert.Equal(pod.Options.Role == Role.Proxy, pod.Options.Members.IsEmpty);
            if (pod.Ports.TryGetValue("http", out var http))
                Assert.Equal([(http, false), (pod.Ports["https"], true)], pod.Options.Program.Binds.Select(static bind => (PortOf(bind.Address), bind.Tls)));
            else
                Assert.Equal(pod.Ports["cluster"], PortOf(pod.Options.Node.Listen!));
        }
    }

    [Theory]
    [MemberData(nameof(Overlays))]
    public async Task What_is_written_lies_in_volumes_and_what_is_read_is_mounted(string overlay)
    {
        foreach (var (_, _, _, options, mounts) in await PodsAsync(overlay))
        {
            // Role controller has no HAProxy, role proxy no database: the other's directory is not touched.
            var written = options.Role == Role.Controller ? options.Node.StateDirectory : options.StateDirectory;
            Assert.Contains(mounts, mount => !mount.ReadOnly && written.StartsWith(mount.Path + "/", StringComparison.Ordinal));
            var read = options.Node.Tls is { } tls ? new[] { tls.Certificate, tls.Key, tls.Authority } : [];
            Assert.All(read, file => Assert.Contains(mounts, mount => mount.ReadOnly && file.StartsWith(mount.Path + "/", StringComparison.Ordinal)));
            Assert.Equal(options.Role == Role.All, read.Length == 0);
        }
    }

    [Theory]
    [InlineData("home")]
    [InlineData("bare-metal")]
    public async Task Proxies_and_controllers_find_and_believe_each_other(string overlay)
    {
        var items = await Kustomize.OverlayAsync(overlay);
        var pods = await PodsAsync(overlay);
        var (controller, proxy) = (pods.Single(static pod => pod.Options.Role == Role.Controller), pods.Single(static pod => pod.Options.Role == Role.Proxy));
        var set = items.Single(static item => Text(item, "kind") == "StatefulSet");
        var service = items.Single(item => Text(item, "kind") == "Service" && Text(item, "metadata", "name") == Text(set, "spec", "serviceName"));
        Assert.Equal("None", Text(service, "spec", "clusterIP"));
        var domain = Text(service, "metadata", "name");
        Assert.Equal($"{controller.Name}.{domain}.{Namespace}.svc:{controller.Ports["cluster"]}", controller.Options.Node.Advertise);
        Assert.Equal(
            Enumerable.Range(0, set["spec"]!["replicas"]!.GetValue<int>()).Select(index => $"{Text(set, "metadata", "name")}-{index}.{domain}:{controller.Ports["cluster"]}"),
            proxy.Options.Proxy.Controllers);
        Assert.Equal(new PeerIdentity(controller.Options.Node.Cluster, PeerRole.Node, controller.Options.Node.Name, "").Uri, Uri(items, "StatefulSet", controller.Name));
        Assert.Equal(new PeerIdentity(proxy.Options.Node.Cluster, PeerRole.Proxy, proxy.Options.Proxy.Name, "").Uri, Uri(items, overlay == "home" ? "Deployment" : "DaemonSet", proxy.Name));
        Assert.Equal((Namespace, Namespace), (controller.Options.Node.Kubernetes.Namespace, controller.Options.Discovery.Namespace));
    }

    [Theory]
    [InlineData("aws", "eu-west-1")]
    [InlineData("gcp", "europe-west1")]
    public async Task A_cloud_s_overlay_says_where_it_is(string overlay, string region)
    {
        foreach (var pod in await PodsAsync(overlay))
        {
            Assert.Equal(region, pod.Options.Program.Locality.Region);
            Assert.All(pod.Options.Members, member => Assert.Equal(region, member.Labels["topology.kubernetes.io/region"]));
        }
    }

    private static string Uri(IEnumerable<JsonObject> items, string kind, string pod) =>
        items.Single(item => Text(item, "kind") == kind)["spec"]!["template"]!["spec"]!["volumes"]!.AsArray()
            .Select(static volume => Text(volume, "csi", "volumeAttributes", "csi.cert-manager.io/uri-sans")).Single(static uri => uri.Length > 0)
            .Replace("${POD_NAME}", pod, StringComparison.Ordinal);

    private static async Task<IReadOnlyList<ConfiguredPod>> PodsAsync(string overlay)
    {
        var items = await Kustomize.OverlayAsync(overlay);
        var files = items.Single(static item => Text(item, "kind") == "ConfigMap")["data"]!.AsObject();
        var folder = Directory.CreateTempSubdirectory("mc-config-");
        try
        {
            foreach (var (name, text) in files)
                await File.WriteAllTextAsync(Path.Combine(folder.FullName, name), text!.GetValue<string>());
            return [.. items.Where(static item => Text(item, "kind") is "StatefulSet" or "Deployment" or "DaemonSet").Select(item => Pod(item, folder.FullName))];
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static ConfiguredPod Pod(JsonObject workload, string folder)
    {
        var container = workload["spec"]!["template"]!["spec"]!["containers"]![0]!;
        var name = $"{Text(workload, "metadata", "name")}-0";
        var environment = container["env"]!.AsArray().ToDictionary(
            static variable => Text(variable, "name"),
            variable => Text(variable, "valueFrom", "fieldRef", "fieldPath") switch { "metadata.name" => name, "metadata.namespace" => Namespace, var other => throw new InvalidDataException(other) },
            StringComparer.Ordinal);
        var config = container["args"]!.AsArray()[^1]!.GetValue<string>();
        return new ConfiguredPod(
            name,
            Text(container, "image"),
            container["ports"]!.AsArray().ToDictionary(static port => Text(port, "name"), static port => port!["containerPort"]!.GetValue<int>(), StringComparer.Ordinal),
            HostConfiguration.Load(Path.Combine(folder, Path.GetFileName(config)), environment.GetValueOrDefault, static _ => null),
            [.. container["volumeMounts"]!.AsArray().Select(static mount => new Mount(Text(mount, "mountPath"), mount!["readOnly"]?.GetValue<bool>() ?? false))]);
    }

    private static int PortOf(string listen) => int.Parse(listen[(listen.LastIndexOf(':') + 1)..], System.Globalization.CultureInfo.InvariantCulture);

    private static string Text(JsonNode? from, params string[] path) => path.Aggregate(from, static (node, name) => node?[name])?.GetValue<string>() ?? "";

    private sealed record Mount(string Path, bool ReadOnly);

    private sealed record ConfiguredPod(string Name, string Image, IReadOnlyDictionary<string, int> Ports, HostOptions Options, IReadOnlyList<Mount> Mounts);
}
