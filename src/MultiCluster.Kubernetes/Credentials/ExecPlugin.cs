using MultiCluster.Model.Collections;

namespace MultiCluster.Kubernetes.Credentials;

/// <summary>users[].user.exec of a kubeconfig: a program that prints credentials (client-go credential plugins).</summary>
/// <param name="Command">A name to be found by PATH, or a full path.</param>
/// <param name="Variables">Environment variables beside those of this process.</param>
/// <param name="Cluster">JSON of spec.cluster of the ExecCredential that the program is given; null when it is not to be told.</param>
/// <param name="InstallHint">For people who don't have the program.</param>
internal sealed record ExecPlugin(
    string ApiVersion,
    string Command,
    EquatableArray<string> Arguments,
    EquatableMap Variables,
    string? Cluster,
    string? InstallHint)
{
    public const string V1 = "client.authentication.k8s.io/v1";

    public const string V1Beta1 = "client.authentication.k8s.io/v1beta1";

    /// <summary>Values may be secret.</summary>
    public override string ToString() => Command;
}
