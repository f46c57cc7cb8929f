using MultiCluster.Kubernetes.Client;
using MultiCluster.Kubernetes.Credentials;

namespace MultiCluster.Kubernetes.Rotation;

/// <summary>Makes of a kubeconfig one that holds its credential: reads the token file, runs the plugin. One caller at a time.</summary>
internal sealed class CredentialResolver(TimeProvider time)
{
    private KubeConfig? _config;
    private ExecCredentials? _plugin;
    private volatile Credential? _last;

    /// <summary>A copy for connections, or why there is none.</summary>
    public async ValueTask<KubeConfigResult> ResolveAsync(KubeConfig config, CancellationToken cancellationToken)
    {
        var (credential, error) = await SourceOf(config).GetAsync(cancellationToken);
        if (credential is null)
            return new(null, error);
        _last = credential;
        return new(config.Exec is null && config.TokenFile is null ? config : config.With(credential), null);
    }

    /// <summary>The server has refused what was resolved last.</summary>
    public void Refused()
    {
        if (_last is { } last)
            _plugin?.Refused(last);
    }

    private ICredentialSource SourceOf(KubeConfig config)
    {
        if (config.Exec is not { } plugin)
        {
            _plugin = null;
            return CredentialSources.Of(config, time);
        }

        // A kubeconfig that was only touched goes on with the credential it has.
        if (_plugin is null || !plugin.Equals(_config?.Exec))
            _plugin = new ExecCredentials(plugin, config.Source, time);
        _config = config;
        return _plugin;
    }
}
