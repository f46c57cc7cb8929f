namespace MultiCluster.Controller.Acme;

/// <summary>What is wrong is told when it is new, and then once an hour: what is decided every few seconds is no news each time.</summary>
internal sealed class AcmeComplaints
{
    private static readonly TimeSpan Silence = TimeSpan.FromHours(1);

    private readonly Dictionary<(string Subject, string Message), DateTimeOffset> _told = [];

    public int Count => _told.Count;

    /// <returns>Whether to tell it now.</returns>
    public bool Take(string subject, string message, DateTimeOffset now)
    {
        foreach (var old in _told.Where(item => item.Value + Silence <= now).Select(static item => item.Key).ToList())
            _told.Remove(old);
        return _told.TryAdd((subject, message), now);
    }

    /// <summary>It is well again: what goes wrong next is news.</summary>
    public void Forget(string subject)
    {
        foreach (var said in _told.Keys.Where(item => string.Equals(item.Subject, subject, StringComparison.Ordinal)).ToList())
            _told.Remove(said);
    }
}
