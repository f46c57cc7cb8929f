namespace MultiCluster.Kubernetes.Manifests;

/// <summary>Something in a manifest folder that is not used, and why.</summary>
/// <param name="File">Relative to the folder.</param>
/// <param name="Line">From 1.</param>
public sealed record FolderProblem(string File, int Line, string Message)
{
    public override string ToString() => $"{File}:{Line}: {Message}";
}
