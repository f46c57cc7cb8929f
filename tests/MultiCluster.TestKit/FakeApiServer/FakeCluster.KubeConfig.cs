using System.Text;

namespace MultiCluster.TestKit.FakeApiServer;

public sealed partial class FakeCluster
{
    /// <summary>A kubeconfig with one context, named as the cluster.</summary>
    public void WriteKubeConfig(string path)
    {
        var authority = _server.Pki is { } pki ? $"\n    certificate-authority-data: {Base64(pki.AuthorityPem)}" : "";
        var user = _options.Authentication switch
        {
            FakeAuthentication.Token => $"token: {Token}",
            FakeAuthentication.ClientCertificate =>
                $"client-certificate-data: {Base64(_server.Pki!.Client.ExportCertificatePem())}\n    client-key-data: {Base64(KeyPem())}",
            _ => "{}",
        };
        var body = user == "{}" ? "  user: {}" : $"  user:\n    {user}";
        File.WriteAllText(path, $"""
            apiVersion: v1
            kind: Config
            current-context: {Name}
            clusters:
            - name: {Name}
              cluster:
                server: {Address}{authority}
            contexts:
            - name: {Name}
              context:
                cluster: {Name}
                user: {Name}
            users:
            - name: {Name}
            {body}

            """);
    }

    private string KeyPem()
    {
        using var key = System.Security.Cryptography.X509Certificates.ECDsaCertificateExtensions.GetECDsaPrivateKey(_server.Pki!.Client)!;
        return key.ExportPkcs8PrivateKeyPem();
    }

    private static string Base64(string pem) => Convert.ToBase64String(Encoding.ASCII.GetBytes(pem));
}
