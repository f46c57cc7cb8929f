using System.Text.Json.Nodes;
using MultiCluster.TestKit.Deploy;

namespace MultiCluster.Kubernetes.Tests.Deploy;

/// <summary>What one object says of another is so; a server would take it all the same, and nothing would run.</summary>
public sealed class KustomizeReferenceTests
{
    public static TheoryData<string> Overlays => [.. Kustomize.Overlays];

    [Theory]
    [MemberData(nameof(Overlays))]
    public async Task Pods_find_what_they_name(string overlay)
    {
        var items = await Kustomize.OverlayAsync(overlay);
        foreach (var workload in items.Workloads())
        {
            var template = Manifests.PodTemplate(workload);
            var pod = template["spec"]!;
            Assert.True(Manifests.Selects(workload["spec"]!["selector"]!["matchLabels"], template["metadata"]!["labels"]));
            var volumes = Manifests.Names(pod["volumes"]).ToList();
            var container = Assert.Single(Manifests.Items(pod["containers"]));
            Assert.Equal(volumes.Order(StringComparer.Ordinal), Manifests.Names(container["volumeMounts"]).Order(StringComparer.Ordinal));
            var map = DeployFiles.Text(Manifests.Items(pod["volumes"]).First()["configMap"], "name");
            var config = Assert.Single(items.OfKind("ConfigMap"), item => Manifests.Name(item) == map);
            // A pod starts anew when its configuration changes, since the name does.
            Assert.Matches("^multicluster-config-[a-z0-9]{10}$", map);
            Assert.Contains(Path.GetFileName(container["args"]![2]!.GetValue<string>()), config["data"]!.AsObject().Select(static file => file.Key));
            var ports = Manifests.Names(container["ports"]).ToList();
            Assert.All(new[] { "startupProbe", "livenessProbe", "readinessProbe" }.Where(container.ContainsKey), probe => Assert.Contains(DeployFiles.Text(container[probe], "httpGet", "port"), ports));
            if (pod["serviceAccountName"] is { } account)
                Assert.Contains(account.GetValue<string>(), items.OfKind("ServiceAccount").Select(Manifests.Name));
            else
                Assert.False(pod["automountServiceAccountToken"]!.GetValue<bool>());
        }
    }

    [Theory]
    [MemberData(nameof(Overlays))]
    public async Task Pods_are_confined(string overlay)
    {
        foreach (var workload in (await Kustomize.OverlayAsync(overlay)).Workloads())
        {
            var pod = Manifests.PodTemplate(workload)["spec"]!;
            Assert.True(pod["securityContext"]!["runAsNonRoot"]!.GetValue<bool>());
            Assert.NotEqual(0, pod["securityContext"]!["runAsUser"]!.GetValue<int>());
            Assert.Equal("RuntimeDefault", DeployFiles.Text(pod, "securityContext", "seccompProfile", "type"));
            var container = Manifests.Items(pod["containers"]).Single()["securityContext"]!;
            Assert.True(container["readOnlyRootFilesystem"]!.GetValue<bool>());
            Assert.False(container["allowPrivilegeEscalation"]!.GetValue<bool>());
            Assert.Equal("[\"ALL\"]", container["capabilities"]!["drop"]!.ToJsonString());
            Assert.DoesNotContain(new[] { "hostNetwork", "hostPID", "hostIPC" }, pod.AsObject().ContainsKey);
        }
    }

    [Theory]
    [MemberData(nameof(Overlays))]
    public async Task Services_policies_and_budgets_select_pods_that_have_their_ports(string overlay)
    {
        var items = await Kustomize.OverlayAsync(overlay);
        foreach (var item in items.OfKind("Service", "NetworkPolicy", "PodDisruptionBudget"))
        {
            var spec = item["spec"]!;
            var selector = Manifests.Kind(item) switch
            {
                "Service" => spec["selector"],
                "NetworkPolicy" => spec["podSelector"]!["matchLabels"],
                _ => spec["selector"]!["matchLabels"],
            };
            var workload = Assert.Single(items.Workloads(), found => Manifests.Selects(selector, Manifests.PodTemplate(found)["metadata"]!["labels"]));
            var ports = Manifests.Names(Manifests.PodTemplate(workload)["spec"]!["containers"]![0]!["ports"]).ToHashSet(StringComparer.Ordinal);
            Assert.All(PortsOf(item), port => Assert.Contains(port, ports));
        }
    }

    [Theory]
    [MemberData(nameof(Overlays))]
    public async Task Bindings_name_roles_and_accounts_that_are_there(string overlay)
    {
        var items = await Kustomize.OverlayAsync(overlay);
        foreach (var binding in items.OfKind("RoleBinding", "ClusterRoleBinding"))
        {
            Assert.Single(items.OfKind(DeployFiles.Text(binding, "roleRef", "kind")), role => Manifests.Name(role) == DeployFiles.Text(binding, "roleRef", "name"));
            Assert.Subset(items.OfKind("ServiceAccount").Select(Manifests.Name).ToHashSet(StringComparer.Ordinal), Manifests.Names(binding["subjects"]).ToHashSet(StringComparer.Ordinal));
        }

        var namespaces = items.Select(static item => DeployFiles.Text(item, "metadata", "namespace")).Where(static name => name.Length > 0).Distinct(StringComparer.Ordinal);
        Assert.Equal(items.OfKind("Namespace").Select(Manifests.Name), namespaces);
    }

    [Theory]
    [InlineData("home")]
    [InlineData("bare-metal")]
    public async Task Metrics_of_all_pods_are_scraped(string overlay)
    {
        var (items, monitoring) = (await Kustomize.OverlayAsync(overlay), await Kustomize.RenderAsync("monitoring"));
        var monitor = Assert.Single(monitoring.OfKind("ServiceMonitor"))["spec"]!;
        var port = DeployFiles.Text(Assert.Single(Manifests.Items(monitor["endpoints"])), "port");
        var scraped = items.Concat(monitoring).OfKind("Service")
            .Where(service => Manifests.Selects(monitor["selector"]!["matchLabels"], service["metadata"]!["labels"]) && Manifests.Names(service["spec"]!["ports"]).Contains(port))
            .ToList();
        Assert.All(items.Workloads(), workload => Assert.Single(scraped, service => Manifests.Selects(service["spec"]!["selector"], Manifests.PodTemplate(workload)["metadata"]!["labels"])));
    }

    private static IEnumerable<string> PortsOf(JsonObject item) => Manifests.Kind(item) switch
    {
        "Service" => Manifests.Items(item["spec"]!["ports"]).Select(static port => DeployFiles.Text(port, "targetPort")),
        "NetworkPolicy" => Manifests.Items(item["spec"]!["ingress"]).SelectMany(static rule => Manifests.Items(rule["ports"])).Select(static port => DeployFiles.Text(port, "port")),
        _ => [],
    };
}
