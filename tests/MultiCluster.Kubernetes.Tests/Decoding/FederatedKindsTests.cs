using System.Text;
using MultiCluster.Kubernetes.Decoding;
using MultiCluster.Model.Collections;
using MultiCluster.Model.Identity;
using MultiCluster.Model.Resources;

namespace MultiCluster.Kubernetes.Tests.Decoding;

public sealed class FederatedKindsTests
{
    private const string Federated = """
        {"apiVersion":"multicluster-ingress.github.io/v1alpha1","kind":"FederatedIngress","metadata":{"name":"shop","namespace":"web","uid":"f1",
        "generation":4,"creationTimestamp":"2026-01-02T03:04:05Z","labels":{"of":"fing"},"annotations":{"of":"fing"}},
        "spec":{"ingressClassName":"multi",
        "template":{"metadata":{"labels":{"app":"shop"},"annotations":{"a":"1"}},"spec":{"rules":[{"host":"shop.example","http":{"paths":[
        {"path":"/","pathType":"Prefix","backend":{"service":{"name":"shop","port":{"number":80}}}}]}}],"tls":[{"secretName":"cert"}]}},
        "placement":{"clusterNames":["aws","gcp"],"clusterSelector":{"matchLabels":{"topology.kubernetes.io/region":"eu"}}},
        "trafficPolicy":{"trafficDistribution":"PreferSameZone","clusters":[{"cluster":"aws","weight":80,"priority":0,"state":"Active"},{"cluster":"gcp"}],
        "failover":{"healthThresholdPercent":50,"minHealthyEndpoints":2,"failbackDelay":"60s"},"spillover":{"maxConnectionsPerEndpoint":200},
        "slowStart":"30s","loadBalancing":"LeastConnections","sessionAffinity":"Cookie"},
        "staleness":{"policy":"Expire","ttl":"1h","minClusters":1}},"status":{"conditions":[]}}
        """;

    [Fact]
    public void Service_has_node_ports_traffic_policy_and_addresses()
    {
        var service = Decode<ServiceResource>(ResourceKind.Service, """
            {"metadata":{"name":"cart","namespace":"shop"},"spec":{"type":"LoadBalancer","externalTrafficPolicy":"Local",
            "ports":[{"name":"http","port":80,"nodePort":30080},{"name":"other","port":81}]},
            "status":{"loadBalancer":{"ingress":[{"ip":"203.0.113.5","ports":[]},{"hostname":"x.elb.example"}]}}}
            """);
        Assert.Equal([30080, null], service.Ports.Select(static port => port.NodePort));
        Assert.True(service.IsExternalTrafficLocal);
        Assert.Equal(["203.0.113.5", "x.elb.example"], service.LoadBalancerAddresses);
        Assert.False(Decode<ServiceResource>(ResourceKind.Service, Samples.Service).IsExternalTrafficLocal);
    }

    [Theory]
    [InlineData("{}", "")]
    [InlineData("""{"clusterIP":"10.96.0.7"}""", "10.96.0.7")]
    [InlineData("""{"clusterIP":"10.96.0.7","clusterIPs":["10.96.0.7","fd00::7"]}""", "10.96.0.7 fd00::7")]
    [InlineData("""{"clusterIP":"None","clusterIPs":["None"]}""", "")]
    public void Service_has_addresses_of_its_own(string spec, string addresses) =>
        Assert.Equal(addresses, string.Join(' ', Decode<ServiceResource>(ResourceKind.Service, $"{{\"metadata\":{{\"name\":\"cart\",\"namespace\":\"shop\"}},\"spec\":{spec}}}").ClusterAddresses));

    [Theory]
    [InlineData("""{"conditions":[{"type":"MemoryPressure","status":"True"},{"type":"Ready","status":"True"}]}""", "{}", "{}", true)]
    [InlineData("""{"conditions":[{"type":"Ready","status":"Unknown"}]}""", "{}", "{}", false)]
    [InlineData("{}", "{}", "{}", false)]
    [InlineData("""{"conditions":[{"type":"Ready","status":"True"}]}""", """{"unschedulable":true}""", "{}", false)]
    [InlineData("""{"conditions":[{"type":"Ready","status":"True"}]}""", "{}", """{"node.kubernetes.io/exclude-from-external-load-balancers":""}""", false)]
    public void A_node_takes_traffic_when_it_is_ready_and_nobody_said_otherwise(string status, string spec, string labels, bool takes)
    {
        var node = Decode<NodeResource>(
            ResourceKind.Node, $$"""{"metadata":{"name":"n1","labels":{{labels}}},"spec":{{spec}},"status":{{status}}}""");
        Assert.Equal((new ObjectKey("", "n1"), takes), (node.Key, node.TakesTraffic));
    }

    [Fact]
    public void Internal_addresses_of_a_node_come_first()
    {
        var node = Decode<NodeResource>(ResourceKind.Node, """
            {"metadata":{"name":"n1"},"status":{"addresses":[{"type":"Hostname","address":"n1"},{"type":"ExternalIP","address":"203.0.113.1"},
            {"type":"InternalIP","address":"10.0.0.1"},{"type":"InternalIP","address":"fd00::1"}]}}
            """);
        Assert.Equal(["10.0.0.1", "fd00::1", "203.0.113.1"], node.Addresses);
    }

    [Fact]
    public void A_federated_ingress_is_read_as_written()
    {
        var federated = Decode<FederatedIngressResource>(ResourceKind.FederatedIngress, Federated);
        Assert.Null(federated.DecodeError);
        Assert.Equal("multi", federated.ClassName);
        Assert.Null(federated.Reference);
        Assert.Equal(["aws", "gcp"], federated.Placement!.ClusterNames);
        Assert.Equal("eu", federated.Placement.MatchLabels["topology.kubernetes.io/region"]);
        Assert.Equal(new StalenessSpec("Expire", "1h", 1), federated.Staleness);
        var expected = new TrafficSpec
        {
            Clusters = [new ClusterSpec("aws", 80, 0, "Active"), new ClusterSpec("gcp", null, null, null)],
            TrafficDistribution = "PreferSameZone",
            HealthThresholdPercent = 50,
            MinHealthyEndpoints = 2,
            FailbackDelay = "60s",
            MaxConnectionsPerEndpoint = 200,
            SlowStart = "30s",
            LoadBalancing = "LeastConnections",
            SessionAffinity = "Cookie",
        };
        Assert.Equal(expected, federated.Traffic);
    }

    [Fact]
    public void The_template_is_an_ingress_with_the_identity_of_the_federated_ingress()
    {
        var federated = Decode<FederatedIngressResource>(ResourceKind.FederatedIngress, Federated);
        var template = federated.Template!;
        Assert.Equal((federated.Key, "f1", 4, federated.Meta.CreationTimestamp), (template.Key, template.Meta.Uid, template.Meta.Generation, template.Meta.CreationTimestamp));
        Assert.Equal(EquatableMap.From([KeyValuePair.Create("app", "shop")]), template.Meta.Labels);
        Assert.Equal("1", template.Meta.Annotations["a"]);
        Assert.Equal(("multi", "shop.example", "cert"), (template.ClassName, template.Rules[0].Host, template.Tls[0].SecretName));
    }

    [Fact]
    public void A_class_that_the_template_names_stays()
    {
        var text = Federated.Replace("\"spec\":{\"rules\"", "\"spec\":{\"ingressClassName\":\"own\",\"rules\"", StringComparison.Ordinal);
        Assert.Equal("own", Decode<FederatedIngressResource>(ResourceKind.FederatedIngress, text).Template!.ClassName);
    }

    [Fact]
    public void A_reference_has_no_template()
    {
        var federated = Decode<FederatedIngressResource>(ResourceKind.FederatedIngress, """
            {"metadata":{"name":"shop","namespace":"web"},"spec":{"template":null,"resourceRef":{"apiVersion":"networking.k8s.io/v1","kind":"Ingress","name":"shop"}}}
            """);
        Assert.Null(federated.Template);
        Assert.Equal(new FederatedReference("networking.k8s.io/v1", "Ingress", "shop"), federated.Reference);
        Assert.Null(federated.Placement);
        Assert.Null(federated.Traffic);
    }

    [Theory]
    [InlineData("""{"template":5}""", "spec.template: expected an object, found 5")]
    [InlineData("""{"template":{"spec":{"rules":[{"host":1}]}}}""", "spec.template.spec.rules[0].host: expected a string, found 1")]
    [InlineData("""{"placement":{"clusterNames":"aws"}}""", "spec.placement.clusterNames: expected an array, found other text")]
    [InlineData("""{"placement":{"clusterSelector":{"matchExpressions":[]}}}""", "spec.placement.clusterSelector.matchExpressions: expected matchLabels in its place, found an array")]
    [InlineData("""{"trafficPolicy":{"clusters":[{"cluster":"a"},{"cluster":"b","weight":"80"}]}}""", "spec.trafficPolicy.clusters[1].weight: expected an integer, found other text")]
    [InlineData("""{"trafficPolicy":{"failover":{"failbackDelay":60}}}""", "spec.trafficPolicy.failover.failbackDelay: expected a string, found 60")]
    [InlineData("""{"staleness":{"minClusters":true}}""", "spec.staleness.minClusters: expected an integer, found a boolean")]
    public void A_field_of_a_wrong_type_is_named(string spec, string error)
    {
        var federated = Decode<FederatedIngressResource>(ResourceKind.FederatedIngress, $$"""{"metadata":{"name":"shop","namespace":"web"},"spec":{{spec}}}""");
        Assert.Equal(error, federated.DecodeError);
    }

    [Theory]
    [InlineData(ResourceKind.Node, """{"metadata":{"name":"n"},"spec":{"unschedulable":"yes"}}""", "spec.unschedulable: expected true or false, found other text")]
    [InlineData(ResourceKind.Node, """{"metadata":{"name":"n"},"status":{"addresses":[{"address":7}]}}""", "status.addresses[0].address: expected a string, found 7")]
    [InlineData(ResourceKind.Service, """{"metadata":{"name":"n","namespace":"s"},"spec":{"ports":[{"nodePort":-1}]}}""", "spec.ports[0].nodePort: expected a port from 1 to 65535, found -1")]
    [InlineData(ResourceKind.Service, """{"metadata":{"name":"n","namespace":"s"},"status":{"loadBalancer":[]}}""", "status.loadBalancer: expected an object, found an array")]
    public void New_fields_of_known_kinds_are_named_too(ResourceKind kind, string json, string error) =>
        Assert.Equal(error, Decode<Resource>(kind, json).DecodeError);

    [Fact]
    public void Numbers_far_out_of_range_stay_out_of_range()
    {
        var federated = Decode<FederatedIngressResource>(
            ResourceKind.FederatedIngress, """{"metadata":{"name":"shop","namespace":"web"},"spec":{"trafficPolicy":{"clusters":[{"cluster":"a","weight":99999999999}]}}}""");
        Assert.Equal(int.MaxValue, federated.Traffic!.Clusters[0].Weight);
    }

    [Fact]
    public void No_bytes_whatever_make_it_throw()
    {
        var random = new Random(4712);
        var decoder = new ResourceDecoder();
        var damaged = 0;
        for (var i = 0; i < 10_000; i++)
        {
            var bytes = Encoding.UTF8.GetBytes(Federated);
            for (var n = random.Next(1, 4); n > 0; n--)
                bytes[random.Next(bytes.Length)] = "\"{}[]:,\\0truenlé\0\xff"u8[random.Next(19)];
            var result = decoder.Decode(ResourceKind.FederatedIngress, bytes);
            if (result.Error is not null || result.Resource?.DecodeError is not null)
                damaged++;
        }

        Assert.InRange(damaged, 1_000, 10_000);
    }

    private static T Decode<T>(ResourceKind kind, string json)
        where T : Resource => Assert.IsAssignableFrom<T>(new ResourceDecoder().Decode(kind, Encoding.UTF8.GetBytes(json)).Resource);
}
