using System.Text;
using MultiCluster.Model.Security;

namespace MultiCluster.Kubernetes.Client;

/// <summary>
/// The bearer token of a kubeconfig. A token file is read again each minute and after each refusal, since
/// kubelet replaces service account tokens well before they expire; a file that can't be read leaves the last token.
/// </summary>
internal sealed class TokenSource(KubeConfig config, TimeProvider time)
{
    private static readonly TimeSpan Age = TimeSpan.FromMinutes(1);

    private readonly Lock _lock = new();
    private string? _token = config.Token is { } token ? Encoding.UTF8.GetString(token.Reveal().Span) : null;
    private long? _readAt;
    private string? _error;

    /// <summary>The token, null when there is none to send; an error when there should be one and isn't.</summary>
    public (string? Token, string? Error) Get()
    {
        if (config.TokenFile is null)
            return (_token, null);
        lock (_lock)
        {
            if (_readAt is not { } at || time.GetElapsedTime(at) >= Age)
                Read(config.TokenFile);
            return (_token, _token is null ? _error : null);
        }
    }

    public void Refused()
    {
        lock (_lock)
            _readAt = null;
    }

    private void Read(string path)
    {
        _readAt = time.GetTimestamp();
        try
        {
            var text = File.ReadAllText(path).Trim();
            if (text.Length == 0)
                _error = $"token file {path} is empty";
            else
                _token = text;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            _error = $"token file {path} can't be read: {e.Message}";
        }
    }
}
