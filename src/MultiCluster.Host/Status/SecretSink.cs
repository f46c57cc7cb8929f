using MultiCluster.Controller.Status;
using MultiCluster.Kubernetes.Client;
using MultiCluster.Kubernetes.Status;
using MultiCluster.Model.Identity;
using MultiCluster.Model.Resources;

namespace MultiCluster.Host.Status;

/// <summary>Secrets with certificates in one member's API server.</summary>
internal sealed class SecretSink(IApiConnection connection) : ISecretSink
{
    private readonly CertificateSecretWriter _writer = new(connection);

    public async Task<SinkResult> WriteAsync(ObjectKey secret, TlsSecretResource content, CancellationToken cancellationToken) =>
        Sinks.Of(await _writer.WriteAsync(secret, content.CertificatePem, content.PrivateKeyPem, cancellationToken));
}
