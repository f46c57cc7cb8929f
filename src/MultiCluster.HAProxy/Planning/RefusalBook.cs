namespace MultiCluster.HAProxy.Planning;

/// <summary>What HAProxy refuses, or what could not even be sent, by subject: how often in a row, and why.</summary>
internal sealed class RefusalBook
{
    /// <summary>A subject refused this often in a row is left alone until it changes or the next look at the whole.</summary>
    private const int Limit = 3;

    private readonly Dictionary<Subject, Entry> _entries = [];
    private readonly Dictionary<Subject, string> _announced = [];
    private readonly List<RefusedSubject> _news = [];
    private readonly HashSet<string> _certificates = new(StringComparer.Ordinal);

    public bool IsEmpty => _entries.Count == 0;

    /// <summary>Refused at least once and not accepted since.</summary>
    public IReadOnlySet<string> Certificates => _certificates;

    /// <summary>Left alone, or given another chance that they have not used yet.</summary>
    public IEnumerable<RefusedSubject> Known => _entries
        .Where(static item => item.Value.WasGivenUp)
        .Select(static item => new RefusedSubject(item.Key, item.Value.Reason));

    public IEnumerable<Subject> GivenUp => _entries.Where(static item => item.Value.Attempts >= Limit).Select(static item => item.Key);

    public bool IsKnown(Subject subject) => _entries.TryGetValue(subject, out var entry) && entry.WasGivenUp;

    public void Refused(Subject subject, string reason) =>
        Set(subject, _entries.GetValueOrDefault(subject).Attempts + 1, reason);

    /// <summary>Another attempt would end as this one.</summary>
    public void NotSent(Subject subject, string reason) => Set(subject, Limit, reason);

    public void Accepted(Subject subject)
    {
        if (!_entries.Remove(subject))
            return;
        _announced.Remove(subject);
        if (subject.Kind == SubjectKind.Certificate)
            _certificates.Remove(subject.Name);
    }

    public void AcceptWhere(Func<Subject, bool> isAccepted)
    {
        foreach (var subject in _entries.Keys.Where(isAccepted).ToList())
            Accepted(subject);
    }

    /// <summary>Everything has another chance; it counts as refused until it was used.</summary>
    public void Forgive()
    {
        foreach (var (subject, entry) in _entries.ToList())
            _entries[subject] = entry with { Attempts = 0 };
    }

    /// <summary>What is foreign is found again if it is still there; then it is no news.</summary>
    public void ForgetForeign()
    {
        foreach (var subject in _entries.Keys.Where(static subject => subject.Kind == SubjectKind.Foreign).ToList())
            _entries.Remove(subject);
    }

    /// <summary>Subjects given up since the last call, each told once for as long as it stays refused for the same reason.</summary>
    public IReadOnlyList<RefusedSubject> TakeNews()
    {
        if (_news.Count == 0)
            return [];
        RefusedSubject[] news = [.. _news];
        _news.Clear();
        return news;
    }

    private void Set(Subject subject, int attempts, string reason)
    {
        var wasGivenUp = attempts >= Limit || _entries.GetValueOrDefault(subject).WasGivenUp;
        _entries[subject] = new Entry(attempts, reason, wasGivenUp);
        if (subject.Kind == SubjectKind.Certificate)
            _certificates.Add(subject.Name);
        if (attempts < Limit || (_announced.TryGetValue(subject, out var told) && string.Equals(told, reason, StringComparison.Ordinal)))
            return;
        _announced[subject] = reason;
        _news.Add(new RefusedSubject(subject, reason));
    }

    private readonly record struct Entry(int Attempts, string Reason, bool WasGivenUp);
}
