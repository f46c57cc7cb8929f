using System.Text;
using MultiCluster.Kubernetes.Decoding;
using MultiCluster.Model.Identity;
using MultiCluster.Model.Resources;

namespace MultiCluster.Kubernetes.Tests.Decoding;

public sealed class ResourceDecoderTests
{
    [Fact]
    public void Ingress_is_read_completely()
    {
        var ingress = Decode<IngressResource>(ResourceKind.Ingress, Samples.Ingress);
        Assert.Null(ingress.DecodeError);
        Assert.Equal(new ObjectKey("shop", "web"), ingress.Key);
        Assert.Equal(new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.Zero), ingress.Meta.CreationTimestamp);
        Assert.Equal(("u1", "7", 3L), (ingress.Meta.Uid, ingress.Meta.ResourceVersion, ingress.Meta.Generation));
        Assert.Equal(["a"], ingress.Meta.Annotations.Keys);
        Assert.Equal("multi", ingress.ClassName);
        Assert.Equal(new IngressBackend("fallback", null, 80), ingress.DefaultBackend);
        Assert.Equal(
            [
                new IngressRule("shop.example",
                [
                    new IngressPath("/cart", "Prefix", new IngressBackend("cart", "http", null)),
                    new IngressPath("/static", "Exact", new IngressBackend(null, null, null, "Bucket/files")),
                ]),
                new IngressRule(null, [new IngressPath(null, "ImplementationSpecific", new IngressBackend("any", null, 8080))]),
            ],
            ingress.Rules);
        Assert.Equal([new IngressTls(["shop.example", "*.shop.example"], "cert")], ingress.Tls);
        Assert.Equal(["192.0.2.1", "lb.example"], ingress.StatusAddresses);
    }

    [Fact]
    public void Slice_conditions_default_as_discovery_v1_says()
    {
        var slice = Decode<EndpointSliceResource>(ResourceKind.EndpointSlice, Samples.Slice);
        Assert.Null(slice.DecodeError);
        Assert.Equal("cart", slice.ServiceName);
        Assert.Equal(
            [
                new Endpoint(["10.1.0.5"], true, true, false) { PodName = "cart-7d4b9-x2x", NodeName = "node-1", Zone = "eu-1a" },
                new Endpoint(["10.1.0.6"], false, true, true) { PodName = "cart-7d4b9-x3x", NodeName = "node-2", Zone = "eu-1b" },
                new Endpoint(["10.1.0.7"], true, true, false),
            ],
            slice.Endpoints);
        Assert.Equal([new EndpointPort("http", 8080, "TCP", "http"), new EndpointPort("metrics", null, "TCP", null)], slice.Ports);
    }

    [Theory]
    [InlineData("{}", true, true, false)]
    [InlineData("""{"ready":null}""", true, true, false)]
    [InlineData("""{"ready":false}""", false, false, false)]
    [InlineData("""{"ready":false,"serving":true,"terminating":true}""", false, true, true)]
    [InlineData("""{"serving":false}""", true, false, false)]
    public void Endpoint_conditions(string conditions, bool ready, bool serving, bool terminating)
    {
        var json = $$$"""{"metadata":{"name":"s","namespace":"n"},"endpoints":[{"addresses":["10.0.0.1"],"conditions":{{{conditions}}}}]}""";
        var endpoint = Assert.Single(Decode<EndpointSliceResource>(ResourceKind.EndpointSlice, json).Endpoints);
        Assert.Equal((ready, serving, terminating), (endpoint.Ready, endpoint.Serving, endpoint.Terminating));
    }

    [Fact]
    public void Target_ports_are_names_or_numbers()
    {
        var service = Decode<ServiceResource>(ResourceKind.Service, Samples.Service);
        Assert.Null(service.DecodeError);
        Assert.Equal("NodePort", service.Type);
        Assert.Equal(
            [
                new ServicePort("http", 80, "TCP", "web", "kubernetes.io/h2c"),
                new ServicePort("alt", 81, "TCP", "8081", null),
                new ServicePort("same", 82, "TCP", null, null),
            ],
            service.Ports);
    }

    [Fact]
    public void Ingress_class_knows_whether_it_is_the_default()
    {
        var ingressClass = Decode<IngressClassResource>(ResourceKind.IngressClass, Samples.IngressClass);
        Assert.Equal(new ObjectKey("", "multi"), ingressClass.Key);
        Assert.Equal("multicluster-ingress.github.io/controller", ingressClass.Controller);
        Assert.True(ingressClass.IsDefault);
    }

    [Theory]
    [InlineData("""{"spec":7}""", "spec: expected an object, found 7")]
    [InlineData("""{"spec":{"rules":{}}}""", "spec.rules: expected an array, found an object")]
    [InlineData("""{"spec":{"rules":[{},{"host":5}]}}""", "spec.rules[1].host: expected a string, found 5")]
    [InlineData("""{"spec":{"rules":["x"]}}""", "spec.rules[0]: expected an object, found other text")]
    [InlineData("""{"spec":{"rules":[{"http":{"paths":[{},{"path":["/"]}]}}]}}""", "spec.rules[0].http.paths[1].path: expected a string, found an array")]
    [InlineData("""{"spec":{"defaultBackend":{"service":{"port":{"number":"80"}}}}}""", "spec.defaultBackend.service.port.number: expected an integer, found other text")]
    [InlineData("""{"spec":{"defaultBackend":{"service":{"port":{"number":70000}}}}}""", "spec.defaultBackend.service.port.number: expected a port from 1 to 65535, found 70000")]
    [InlineData("""{"spec":{"ingressClassName":"\ud800"}}""", "spec.ingressClassName: expected valid Unicode, found other text")]
    [InlineData("""{"status":{"loadBalancer":{"ingress":[{"ip":true}]}}}""", "status.loadBalancer.ingress[0].ip: expected a string, found a boolean")]
    public void A_field_of_a_wrong_type_is_named_and_the_rest_is_read(string fields, string error)
    {
        var json = $$$"""{"metadata":{"name":"web","namespace":"shop","labels":{"k":"v"}},{{{fields[1..^1]}}},"kind":"Ingress"}""";
        var ingress = Decode<IngressResource>(ResourceKind.Ingress, json);
        Assert.Equal(error, ingress.DecodeError);
        Assert.Equal("v", ingress.Meta.Labels["k"]);
    }

    [Theory]
    [InlineData("{}", "metadata.name is missing")]
    [InlineData("null", "the object is null")]
    [InlineData("[]", "object: expected an object, found an array")]
    [InlineData("""{"metadata":{"namespace":"shop"}}""", "metadata.name is missing")]
    [InlineData("""{"metadata":{"name":7,"namespace":"shop"}}""", "metadata.name is missing")]
    [InlineData("""{"metadata":{"name":"web"}}""", "metadata.namespace of \"web\" is missing")]
    [InlineData("""{"metadata":{"name":"Web; add","namespace":"shop"}}""", "metadata.name \"Web; add\" is no DNS-1123 subdomain")]
    [InlineData("""{"metadata":{"name":"a\nb","namespace":"shop"}}""", "metadata.name \"a\\u{a}b\" is no DNS-1123 subdomain")]
    [InlineData("""{"metadata":{"name":"web","namespace":"a/b"}}""", "metadata.namespace \"a/b\" of \"web\" is no DNS-1123 label")]
    [InlineData("<html>", "not JSON, or cut short, at line 1, byte 0")]
    [InlineData("", "not JSON, or cut short, at line 1, byte 0")]
    public void What_cannot_be_named_is_an_error(string json, string error) =>
        Assert.Equal(new DecodeResult(null, error), Decode(ResourceKind.Ingress, json));

    [Fact]
    public void No_bytes_whatever_make_it_throw()
    {
        var random = new Random(4711);
        var decoder = new ResourceDecoder();
        (ResourceKind Kind, string Json)[] samples =
        [
            (ResourceKind.Ingress, Samples.Ingress), (ResourceKind.EndpointSlice, Samples.Slice), (ResourceKind.Service, Samples.Service),
            (ResourceKind.Secret, Samples.Secret), (ResourceKind.IngressClass, Samples.IngressClass),
        ];
        var damaged = 0;
        for (var i = 0; i < 20_000; i++)
        {
            var (kind, json) = samples[i % samples.Length];
            var bytes = Encoding.UTF8.GetBytes($$"""{"type":"ADDED","object":{{json}}}""");
            for (var n = random.Next(1, 4); n > 0; n--)
                bytes[random.Next(bytes.Length)] = "\"{}[]:,\\0truenlé\0\xff"u8[random.Next(19)];
            var length = random.Next(4) == 0 ? random.Next(bytes.Length) : bytes.Length;
            var result = decoder.DecodeWatchEvent(kind, bytes.AsSpan(0, length));
            if (result.Problem is not null || result.Resource?.DecodeError is not null)
                damaged++;
        }

        Assert.InRange(damaged, 1_000, 20_000);
    }

    [Theory]
    [InlineData(100_000)]
    [InlineData(200)]
    public void Deep_nesting_is_an_error_and_no_stack_overflow(int depth)
    {
        var json = $$$"""{"metadata":{"name":"web","namespace":"shop"},"spec":{"rules":{{{new string('[', depth)}}}""";
        Assert.NotNull(Decode(ResourceKind.Ingress, json).Error);
    }

    private static DecodeResult Decode(ResourceKind kind, string json) => new ResourceDecoder().Decode(kind, Encoding.UTF8.GetBytes(json));

    private static T Decode<T>(ResourceKind kind, string json)
        where T : Resource => Assert.IsType<T>(Decode(kind, json).Resource);
}
