using System.Text;
using MultiCluster.Kubernetes.Client;
using MultiCluster.Model.Security;

namespace MultiCluster.Kubernetes.Credentials;

internal static class CredentialSources
{
    public static ICredentialSource Of(KubeConfig config, TimeProvider time)
    {
        if (config.Exec is { } plugin)
            return new ExecCredentials(plugin, config.Source, time);
        return config.TokenFile is { } file ? new TokenFile(file, time) : new FixedToken(config.Token);
    }
}

/// <summary>A token that the kubeconfig holds, or none.</summary>
internal sealed class FixedToken(Secret? token) : ICredentialSource
{
    private readonly CredentialResult _result = new(
        token is null ? Credential.None : new Credential(Encoding.UTF8.GetString(token.Reveal().Span), null, null), null);

    public ValueTask<CredentialResult> GetAsync(CancellationToken cancellationToken) => new(_result);

    public void Refused(Credential credential)
    {
        // There is no other.
    }
}

/// <summary>
/// A token file: read again each minute and after each refusal, since kubelet replaces service account tokens well before they expire; a file that
/// can't be read leaves the last token.
/// </summary>
internal sealed class TokenFile(string path, TimeProvider time) : ICredentialSource
{
    private static readonly TimeSpan Age = TimeSpan.FromMinutes(1);

    private readonly Lock _lock = new();
    private Credential? _credential;
    private long? _readAt;
    private string? _error;

    public ValueTask<CredentialResult> GetAsync(CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            if (_readAt is not { } at || time.GetElapsedTime(at) >= Age)
                Read();
            return new(new CredentialResult(_credential, _credential is null ? _error : null));
        }
    }

    public void Refused(Credential credential)
    {
        lock (_lock)
            _readAt = null;
    }

    private void Read()
    {
        _readAt = time.GetTimestamp();
        try
        {
            var text = File.ReadAllText(path).Trim();
            if (text.Length == 0)
                _error = $"token file {path} is empty";
            else if (!BearerToken.IsUsable(text))
                _error = $"token file {path}: {BearerToken.Problem}";
            else if (!string.Equals(text, _credential?.Token, StringComparison.Ordinal))
                _credential = new Credential(text, null, null);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            _error = $"token file {path} can't be read: {e.Message}";
        }
    }
}
