using MultiCluster.Kubernetes.Client;

namespace MultiCluster.Kubernetes.Credentials;

/// <summary>
/// The credential of an exec plugin: kept until shortly before it expires or until the server refuses it, fetched by one run at a time however many
/// requests wait, and kept while it is valid when a run fails.
/// </summary>
/// <param name="source">The kubeconfig, for messages.</param>
internal sealed class ExecCredentials(ExecPlugin plugin, string source, TimeProvider time) : ICredentialSource
{
    /// <summary>client-go fetches at expiry, which is too late for requests under way; cloud tokens live for 15 minutes and more.</summary>
    private static readonly TimeSpan Early = TimeSpan.FromMinutes(1);

    /// <summary>A plugin that fails, or whose credentials are refused at once, is not run for each request.</summary>
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(5);

    private readonly Lock _lock = new();
    private Credential? _credential;
    private Credential? _refused;
    private Task<CredentialResult>? _run;
    private long? _ranAt;
    private string? _error;

    public ValueTask<CredentialResult> GetAsync(CancellationToken cancellationToken)
    {
        Task<CredentialResult> run;
        lock (_lock)
        {
            if (_run is null)
            {
                if (!IsDue())
                    return new(new CredentialResult(_credential, _credential is null ? _error : null));
                _ranAt = time.GetTimestamp();
                _run = Task.Run(RunAsync, CancellationToken.None);
            }

            // What is still good need not wait for its successor.
            if (_credential is { } current && IsValid(current) && !ReferenceEquals(current, _refused))
                return new(new CredentialResult(current, null));
            run = _run;
        }

        return new(run.WaitAsync(cancellationToken));
    }

    public void Refused(Credential credential)
    {
        lock (_lock)
        {
            if (ReferenceEquals(credential, _credential))
                _refused = credential;
        }
    }

    /// <summary>When the present credential should be replaced; null when nobody knows.</summary>
    public DateTimeOffset? RefreshAt
    {
        get
        {
            lock (_lock)
                return _credential is { Expires: { } expires } ? expires - Early : null;
        }
    }

    private bool IsDue()
    {
        if (_ranAt is { } at && time.GetElapsedTime(at) < Pause && (_credential is null || _error is not null || ReferenceEquals(_credential, _refused)))
            return false;
        return _credential is null || ReferenceEquals(_credential, _refused) || (_credential.Expires is { } expires && time.GetUtcNow() >= expires - Early);
    }

    private bool IsValid(Credential credential) => credential.Expires is not { } expires || time.GetUtcNow() < expires;

    private async Task<CredentialResult> RunAsync()
    {
        var result = await ExecRunner.RunAsync(plugin, source, time);
        lock (_lock)
        {
            _run = null;
            _error = result.Error;
            if (result.Credential is not null)
            {
                _credential = result.Credential;
                _refused = null;
            }
            else if (_credential is { } last && (!IsValid(last) || ReferenceEquals(last, _refused)))
            {
                return result;
            }

            return new CredentialResult(_credential, _credential is null ? _error : null);
        }
    }
}
