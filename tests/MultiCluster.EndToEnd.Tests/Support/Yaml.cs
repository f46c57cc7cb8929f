using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace MultiCluster.EndToEnd.Tests.Support;

/// <summary>Manifests as people write them.</summary>
internal static class Yaml
{
    public const string Class = "conformance";

    public const string ControllerName = "multicluster-ingress.github.io/controller";

    public static string IngressClass(string name, string controller = ControllerName, bool isDefault = false) => $$"""
        apiVersion: networking.k8s.io/v1
        kind: IngressClass
        metadata:
          name: {{name}}
          annotations: {ingressclass.kubernetes.io/is-default-class: "{{(isDefault ? "true" : "false")}}"}
        spec:
          controller: {{controller}}

        """;

    /// <summary>Port 8080, named http, of pods that listen on <paramref name="targetPort"/>.</summary>
    public static string Service(string ns, string name) => $$"""
        apiVersion: v1
        kind: Service
        metadata: {name: {{name}}, namespace: {{ns}}}
        spec:
          selector: {app: {{name}}}
          ports:
          - {name: http, port: 8080, targetPort: http}

        """;

    public static string ExternalName(string ns, string name, string target, int port) => $$"""
        apiVersion: v1
        kind: Service
        metadata: {name: {{name}}, namespace: {{ns}}}
        spec:
          type: ExternalName
          externalName: {{target}}
          ports:
          - {name: http, port: {{port}}}

        """;

    public static string Slice(string ns, string service, int port, IEnumerable<Pod> pods, string suffix = "1", bool ready = true)
    {
        var text = new StringBuilder($$"""
            apiVersion: discovery.k8s.io/v1
            kind: EndpointSlice
            metadata:
              name: {{service}}-{{suffix}}
              namespace: {{ns}}
              labels: {kubernetes.io/service-name: {{service}}}
            addressType: IPv4
            ports:
            - {name: http, port: {{port}}, protocol: TCP}
            endpoints:

            """);
        var any = false;
        foreach (var pod in pods)
        {
            any = true;
            text.Append($$"""
                - addresses: ["{{pod.Address}}"]
                  conditions: {ready: {{(ready ? "true" : "false")}}, serving: {{(ready ? "true" : "false")}}, terminating: false}
                  targetRef: {kind: Pod, namespace: {{ns}}, name: {{pod.Name}}}

                """);
        }

        return any ? text.ToString() : text.ToString().Replace("endpoints:", "endpoints: []", StringComparison.Ordinal);
    }

    /// <param name="paths">Of <see cref="Path"/>.</param>
    public static string Ingress(
        string ns, string name, string? host, IEnumerable<string> paths, string? className = Class, string? created = null, string tls = "")
    {
        var rule = host is null ? "- http:" : $"- host: \"{host}\"\n    http:";
        return $$"""
            {{Head(ns, name, className, created)}}{{tls}}  rules:
              {{rule}}
                  paths:
            {{string.Concat(paths)}}
            """;
    }

    public static string DefaultBackend(string ns, string name, string service, string? className = Class) => $$"""
        {{Head(ns, name, className, null)}}  defaultBackend:
            service: {name: {{service}}, port: {number: 8080} }

        """;

    public static string Path(string path, string type, string service, string port = "number: 8080") =>
        $"      - path: \"{path}\"\n        pathType: {type}\n        backend: {{service: {{name: {service}, port: {{{port}}} }} }}\n";

    /// <summary>Head of an Ingress, up to spec.ingressClassName.</summary>
    public static string Head(string ns, string name, string? className, string? created)
    {
        var creation = created is null ? "" : $", creationTimestamp: \"{created}\"";
        var ingressClass = className is null ? "" : $"  ingressClassName: {className}\n";
        return $$"""
            apiVersion: networking.k8s.io/v1
            kind: Ingress
            metadata: {name: {{name}}, namespace: {{ns}}{{creation}}}
            spec:
            {{ingressClass}}
            """;
    }

    /// <summary>Part of an Ingress' spec.</summary>
    public static string Tls(string secret, params string[] hosts) =>
        $"  tls:\n  - {{secretName: {secret}, hosts: [{string.Join(", ", hosts.Select(static host => $"\"{host}\""))}]}}\n";

    public static string TlsSecret(string ns, string name, params string[] dnsNames)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={dnsNames[0]}", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        foreach (var dnsName in dnsNames)
            names.AddDnsName(dnsName);
        request.CertificateExtensions.Add(names.Build());
        var now = TimeProvider.System.GetUtcNow();
        using var certificate = request.CreateSelfSigned(now.AddDays(-1), now.AddDays(30));
        return Secret(ns, name, certificate.ExportCertificatePem(), key.ExportPkcs8PrivateKeyPem());
    }

    public static string Secret(string ns, string name, string certificate, string key) => $$"""
        apiVersion: v1
        kind: Secret
        type: kubernetes.io/tls
        metadata: {name: {{name}}, namespace: {{ns}}}
        data:
          tls.crt: {{Base64(certificate)}}
          tls.key: {{Base64(key)}}

        """;

    public static string Join(params IEnumerable<string> documents) => string.Join("---\n", documents);

    private static string Base64(string text) => Convert.ToBase64String(Encoding.ASCII.GetBytes(text));
}
