namespace MultiCluster.Actors;

/// <summary>A cancellation source made when someone looks: most incarnations never need one.</summary>
internal sealed class IncarnationToken
{
    private readonly Lock _gate = new();
    private CancellationTokenSource? _source;
    private bool _cancelled;

    public CancellationToken Token
    {
        get
        {
            lock (_gate)
            {
                if (_cancelled && _source is null)
                    return new CancellationToken(canceled: true);
                _source ??= new CancellationTokenSource();
                return _source.Token;
            }
        }
    }

    /// <summary>From any thread; what is registered runs on the pool and not here.</summary>
    public void Cancel()
    {
        CancellationTokenSource? source;
        lock (_gate)
        {
            if (_cancelled)
                return;
            _cancelled = true;
            source = _source;
        }
        _ = source?.CancelAsync();
    }
}
