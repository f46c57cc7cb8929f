using System.Collections.Immutable;
using Microsoft.Extensions.Logging;
using MultiCluster.Controller;
using MultiCluster.Controller.Members;
using MultiCluster.Host.Configuration;
using MultiCluster.Kubernetes.Client;
using MultiCluster.Kubernetes.Discovery;
using HostOptions = MultiCluster.Host.Configuration.HostOptions;

namespace MultiCluster.Host.Members;

/// <summary>Who tells of members while the program runs.</summary>
internal static class MemberFeeds
{
    /// <param name="reload">Reads the configuration anew; null where it is from no file.</param>
    public static ImmutableArray<IMemberFeed> Of(
        HostOptions options, IReadOnlyList<MemberRegistration> members, Func<HostOptions>? reload, MemberFactory factory, ILoggerFactory loggers, TimeProvider time)
    {
        var feeds = ImmutableArray.CreateBuilder<IMemberFeed>();
        var configured = new ConfiguredNames(options.Members.Select(static member => member.Name));
        if (reload is not null)
            feeds.Add(new ConfigurationFeed([.. options.Members.Zip(members)], () => reload().Members, factory.Create, configured, time));
        if (options.Discovery.IsEnabled && options.Members.FirstOrDefault(static member => member.IsHome) is { } home)
            feeds.Add(new DiscoveryFeed(
                new MemberDiscovery(MemberFactory.CredentialsOf(home), Options(options.Discovery), time, loggers.CreateLogger<MemberDiscovery>()),
                home.Name.Value,
                factory,
                configured));
        return feeds.ToImmutable();
    }

    private static DiscoveryOptions Options(MemberDiscoveryOptions options) => new()
    {
        SecretNamespace = options.Namespace,
        Trust = KubeConfigTrust.DataOnly with { Commands = [.. options.ExecCommands] },
    };
}
