namespace MultiCluster.Kubernetes.Tests;

/// <summary>Objects in the form in which an API server sends them.</summary>
internal static class Samples
{
    public const string Ingress = """
        {"apiVersion":"networking.k8s.io/v1","kind":"Ingress","metadata":{"name":"web","namespace":"shop","uid":"u1","resourceVersion":"7",
        "generation":3,"creationTimestamp":"2026-01-02T03:04:05Z","labels":{"app":"web"},"annotations":{"a":"1","kubectl.kubernetes.io/last-applied-configuration":"{}"},
        "managedFields":[{"manager":"kubectl","fieldsV1":{"f:spec":{"f:rules":{}}}}]},
        "spec":{"ingressClassName":"multi","defaultBackend":{"service":{"name":"fallback","port":{"number":80}}},
        "tls":[{"hosts":["shop.example","*.shop.example"],"secretName":"cert"}],
        "rules":[{"host":"shop.example","http":{"paths":[
        {"path":"/cart","pathType":"Prefix","backend":{"service":{"name":"cart","port":{"name":"http"}}}},
        {"path":"/static","pathType":"Exact","backend":{"resource":{"apiGroup":"k8s.example.com","kind":"Bucket","name":"files"}}}]}},
        {"http":{"paths":[{"pathType":"ImplementationSpecific","backend":{"service":{"name":"any","port":{"number":8080}}}}]}}]},
        "status":{"loadBalancer":{"ingress":[{"ip":"192.0.2.1"},{"hostname":"lb.example"}]}}}
        """;

    public const string Slice = """
        {"addressType":"IPv4","apiVersion":"discovery.k8s.io/v1","endpoints":[
        {"addresses":["10.1.0.5"],"conditions":{"ready":true,"serving":true,"terminating":false},"nodeName":"node-1","targetRef":{"kind":"Pod","name":"cart-7d4b9-x2x","namespace":"shop","uid":"d2"},"zone":"eu-1a"},
        {"addresses":["10.1.0.6"],"conditions":{"ready":false,"serving":true,"terminating":true},"nodeName":"node-2","targetRef":{"kind":"Pod","name":"cart-7d4b9-x3x","namespace":"shop","uid":"d3"},"zone":"eu-1b"},
        {"addresses":["10.1.0.7"],"conditions":{}}],
        "kind":"EndpointSlice","metadata":{"annotations":{"endpoints.kubernetes.io/last-change-trigger-time":"2026-01-02T03:04:05Z"},
        "creationTimestamp":"2026-01-02T03:04:05Z","generateName":"cart-","generation":12,"labels":{"endpointslice.kubernetes.io/managed-by":"endpointslice-controller.k8s.io","kubernetes.io/service-name":"cart"},
        "name":"cart-abcde","namespace":"shop","ownerReferences":[{"apiVersion":"v1","blockOwnerDeletion":true,"controller":true,"kind":"Service","name":"cart","uid":"s1"}],"resourceVersion":"99","uid":"e1"},
        "ports":[{"appProtocol":"http","name":"http","port":8080,"protocol":"TCP"},{"name":"metrics","protocol":"TCP"}]}
        """;

    public const string Service = """
        {"apiVersion":"v1","kind":"Service","metadata":{"name":"cart","namespace":"shop","resourceVersion":"8"},
        "spec":{"type":"NodePort","clusterIP":"10.96.0.9","ports":[
        {"name":"http","port":80,"targetPort":"web","protocol":"TCP","appProtocol":"kubernetes.io/h2c"},{"name":"alt","port":81,"targetPort":8081},{"name":"same","port":82,"targetPort":82}]}}
        """;

    public const string Secret = """
        {"apiVersion":"v1","kind":"Secret","type":"kubernetes.io/tls","metadata":{"name":"cert","namespace":"shop"},
        "data":{"tls.crt":"Y2VydA==","tls.key":"a2V5","other":"eA=="}}
        """;

    public const string IngressClass = """
        {"apiVersion":"networking.k8s.io/v1","kind":"IngressClass","metadata":{"name":"multi","annotations":{"ingressclass.kubernetes.io/is-default-class":"true"}},
        "spec":{"controller":"multicluster-ingress.github.io/controller"}}
        """;
}
