using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace MultiCluster.EndToEnd.Tests.Support;

/// <summary>An annotation of ours, without its prefix.</summary>
internal sealed record Policy(string Name, string Value);

/// <summary>A self-signed certificate with its key.</summary>
internal sealed record TestCertificate(string Pem, string Key, string Thumbprint)
{
    /// <param name="validFor">From now on; negative for one that has expired.</param>
    public static TestCertificate New(string host, TimeSpan validFor)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={host}", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName(host);
        request.CertificateExtensions.Add(names.Build());
        var now = TimeProvider.System.GetUtcNow();
        using var certificate = request.CreateSelfSigned(now.AddDays(-10), now + validFor);
        return new TestCertificate(certificate.ExportCertificatePem(), key.ExportPkcs8PrivateKeyPem(), certificate.Thumbprint);
    }

    public string Secret(string ns, string name) => Yaml.Secret(ns, name, Pem, Key);
}

/// <summary>Manifests of what is ours beside Ingress, as people write them.</summary>
internal static class FederatedYaml
{
    public const string Prefix = "multicluster-ingress.github.io/";

    /// <summary>One host, everything to one Service, under a policy of annotations.</summary>
    public static string Ingress(string ns, string name, string host, string service, params Policy[] policies) =>
        Annotate(Yaml.Ingress(ns, name, host, [Yaml.Path("/", "Prefix", service)]), policies);

    /// <summary>The manifest of an Ingress, with annotations.</summary>
    public static string Annotate(string ingress, params Policy[] policies)
    {
        if (policies.Length == 0)
            return ingress;
        var annotations = string.Join(", ", policies.Select(static policy => $"{Prefix}{policy.Name}: \"{policy.Value}\""));
        var head = ingress.IndexOf("metadata: {", StringComparison.Ordinal) + "metadata: {".Length;
        return ingress.Insert(head, $"annotations: {{{annotations}}}, ");
    }

    /// <param name="spec">Lines of the specification beside class and template, indented by 2.</param>
    public static string FederatedIngress(string ns, string name, string host, string service, string spec = "") => $$"""
        apiVersion: multicluster-ingress.github.io/v1alpha1
        kind: FederatedIngress
        metadata: {name: {{name}}, namespace: {{ns}}}
        spec:
          ingressClassName: {{Yaml.Class}}
          template:
            spec:
              rules:
              - host: {{host}}
                http:
                  paths:
                  - path: /
                    pathType: Prefix
                    backend: {service: {name: {{service}}, port: {number: 8080} } }
        {{spec}}

        """;

    /// <summary>Of the Ingress of the same name in each member.</summary>
    public static string FederatedReference(string ns, string name, string spec) => $$"""
        apiVersion: multicluster-ingress.github.io/v1alpha1
        kind: FederatedIngress
        metadata: {name: {{name}}, namespace: {{ns}}}
        spec:
          ingressClassName: {{Yaml.Class}}
          resourceRef: {apiVersion: networking.k8s.io/v1, kind: Ingress, name: {{name}}}
        {{spec}}

        """;

    /// <summary>With one port, called http.</summary>
    public static string Service(string ns, string name, int number, string portName = "http") => $$"""
        apiVersion: v1
        kind: Service
        metadata: {name: {{name}}, namespace: {{ns}}}
        spec:
          selector: {app: {{name}}}
          ports:
          - {name: {{portName}}, port: {{number}}, targetPort: {{portName}}}

        """;

    /// <summary>As <see cref="Yaml.Service"/>, of another type.</summary>
    /// <param name="balanced">What of status a load balancer has written, such as <c>{ip: 192.0.2.1}</c>; empty for none.</param>
    public static string OutsideService(string ns, string name, string type, int port, int nodePort, string balanced = "", string trafficPolicy = "Cluster") => $$"""
        apiVersion: v1
        kind: Service
        metadata: {name: {{name}}, namespace: {{ns}}}
        spec:
          type: {{type}}
          externalTrafficPolicy: {{trafficPolicy}}
          selector: {app: {{name}}}
          ports:
          - {name: http, port: {{port}}, targetPort: http, nodePort: {{nodePort}}}
        status: {loadBalancer: {ingress: [{{balanced}}]} }

        """;

    public static string Node(string name, System.Net.IPAddress address, bool isReady = true) => $$"""
        apiVersion: v1
        kind: Node
        metadata: {name: {{name}}}
        status:
          addresses: [{type: InternalIP, address: "{{address}}"}, {type: Hostname, address: {{name}}}]
          conditions: [{type: Ready, status: "{{(isReady ? "True" : "False")}}"}]

        """;

    /// <summary>An Ingress as <see cref="Ingress"/>, whatever number the Service's port has.</summary>
    public static string IngressByPortName(string ns, string name, string host, string service, params Policy[] policies) =>
        Annotate(Yaml.Ingress(ns, name, host, [Yaml.Path("/", "Prefix", service, "name: http")]), policies);

    /// <summary>All pods in one zone.</summary>
    public static string Slice(string ns, string service, int port, IEnumerable<Pod> pods, string zone, string suffix) =>
        Yaml.Slice(ns, service, port, pods, suffix).Replace("  conditions:", $"  zone: {zone}\n  conditions:", StringComparison.Ordinal);
}
