using System.Collections.Immutable;

namespace MultiCluster.Kubernetes.Client;

/// <summary>
/// What a kubeconfig may make this process do beside connecting. Whoever may write it would otherwise read files and run programs here: a kubeconfig
/// from an API object is not to be believed in this.
/// </summary>
public sealed record KubeConfigTrust
{
    /// <summary>A file that an operator has put on this machine: it may name files and programs.</summary>
    public static readonly KubeConfigTrust Operator = new() { Files = true, AnyCommand = true };

    /// <summary>A kubeconfig of an API object: credentials in it, and nothing else.</summary>
    public static readonly KubeConfigTrust DataOnly = new();

    /// <summary>Whether it may name files: certificates, keys, tokens.</summary>
    public bool Files { get; private init; }

    /// <summary>
    /// Commands of exec plugins that it may name, exactly as written there, found by PATH or by full path. Arguments are its own: allow only programs
    /// that do no harm whatever they are.
    /// </summary>
    public ImmutableHashSet<string> Commands { get; init; } = [];

    /// <summary>Environment variables that it may set for those commands.</summary>
    public ImmutableHashSet<string> Variables { get; init; } = [];

    private bool AnyCommand { get; init; }

    internal bool Allows(string command) => AnyCommand || Commands.Contains(command);

    internal bool AllowsVariable(string name) => AnyCommand || Variables.Contains(name);
}
