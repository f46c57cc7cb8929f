namespace MultiCluster.TestKit.Deploy;

/// <summary>The kubectl of this machine.</summary>
public static class Kubectl
{
    /// <summary>Names one that is not on the PATH, as tests/run.sh does where the distribution's is too old.</summary>
    public const string Variable = "MULTICLUSTER_KUBECTL";

    public const string Missing = "there is no kubectl on the PATH; tests/run.sh provides one";

    /// <summary>Null when there is none.</summary>
    public static string? Path { get; } = Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } named
        ? named
        : (Environment.GetEnvironmentVariable("PATH") ?? "").Split(System.IO.Path.PathSeparator)
            .Select(static folder => System.IO.Path.Combine(folder, "kubectl")).FirstOrDefault(File.Exists);
}
