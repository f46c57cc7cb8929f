using System.Collections.Immutable;

namespace MultiCluster.Host.Configuration;

/// <summary>How further members are found in the home cluster.</summary>
/// <param name="Namespace">Where the Secrets with a label lie; null for all.</param>
/// <param name="ExecCommands">Credential plugins that a kubeconfig from there may run.</param>
public sealed record MemberDiscoveryOptions(bool IsEnabled, string? Namespace, ImmutableArray<string> ExecCommands);
