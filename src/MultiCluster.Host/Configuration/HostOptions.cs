using System.Collections.Immutable;
using Microsoft.Extensions.Logging;
using MultiCluster.Federation.Backends;
using MultiCluster.Federation.Members;
using MultiCluster.HAProxy.Program;
using MultiCluster.Model.Collections;
using MultiCluster.Model.Identity;

namespace MultiCluster.Host.Configuration;

/// <param name="Manifests">Folder; null for a member with a kubeconfig.</param>
public sealed record MemberOptions(MemberName Name, string? Manifests, string? KubeConfig, string? Context, ImmutableArray<string> Namespaces);

/// <summary>The configuration, checked.</summary>
public sealed record HostOptions
{
    public required Role Role { get; init; }

    public required NodeOptions Node { get; init; }

    public required PersistenceOptions Persistence { get; init; }

    public required ProxyNameOptions Proxy { get; init; }

    public required ImmutableArray<MemberOptions> Members { get; init; }

    public required ClassOptions Classes { get; init; }

    public required EndpointOptions Endpoints { get; init; }

    public required string HAProxyBinary { get; init; }

    public required string StateDirectory { get; init; }

    public required ProgramOptions Program { get; init; }

    public required TimeSpan StartFileDelay { get; init; }

    public required TimeSpan VerifyInterval { get; init; }

    public required TimeSpan MemberTimeout { get; init; }

    public required EquatableArray<string> StatusAddresses { get; init; }

    /// <summary>host:port.</summary>
    public required string AdminListen { get; init; }

    /// <summary>Names by which the admin API may be called, besides localhost and IP addresses; lower case.</summary>
    public required EquatableArray<string> AdminHosts { get; init; }

    public required LogLevel LogLevel { get; init; }

    public required bool LogJson { get; init; }
}
