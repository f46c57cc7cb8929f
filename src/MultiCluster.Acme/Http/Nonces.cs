namespace MultiCluster.Acme.Http;

/// <summary>Nonces that were given to us and not used yet, the newest first: old ones may have expired.</summary>
internal sealed class Nonces
{
    private const int Most = 16;

    private readonly Lock _gate = new();
    private readonly LinkedList<string> _kept = new();

    public void Keep(string? nonce)
    {
        if (nonce is null)
            return;
        lock (_gate)
        {
            _kept.AddLast(nonce);
            if (_kept.Count > Most)
                _kept.RemoveFirst();
        }
    }

    public string? Take()
    {
        lock (_gate)
        {
            if (_kept.Last is not { } newest)
                return null;
            _kept.RemoveLast();
            return newest.Value;
        }
    }

    /// <summary>One was refused: older ones would be, too.</summary>
    public void Forget()
    {
        lock (_gate)
            _kept.Clear();
    }
}
