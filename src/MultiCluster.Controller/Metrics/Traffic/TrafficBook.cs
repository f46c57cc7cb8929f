using System.Text;
using MultiCluster.HAProxy.Data;
using MultiCluster.HAProxy.Program;
using MultiCluster.HAProxy.Runtime.Statistics;
using MultiCluster.HAProxy.Traffic;
using MultiCluster.Model.Routing;

namespace MultiCluster.Controller.Metrics.Traffic;

/// <summary>
/// Carries HAProxy's counters, which belong to slots of one worker, on as counters of services and endpoints: what has grown since the
/// last reading goes to whom the row belongs. A slot that has changed hands in between gives that part to nobody; a worker that ran before this
/// process is counted from the first reading on, one that began in its life from zero. Not for several threads at once.
/// </summary>
/// <param name="directory">Null while nothing is known of HAProxy's backends.</param>
internal sealed class TrafficBook(string proxy, Func<BackendDirectory?> directory, Func<TimeSpan> uptime) : IStatisticsSink
{
    private const int FrontendType = 0;
    private const int BackendType = 1;
    private const int ServerType = 2;

    private readonly byte[] _labels = LabelText.Of(("proxy", proxy));
    private readonly Dictionary<byte[], BackendRow> _backends = Utf8Names.Map<BackendRow>();
    private readonly Dictionary<BackendRef, ServiceSeries> _services = [];
    private readonly long[] _values = new long[StatColumns.All];
    private readonly long[] _deltas = new long[StatColumns.Counters];
    private BackendDirectory? _directory;
    private BackendRow? _current;
    private byte[] _currentName = [];
    private long _worker;
    private bool _isNewWorker;
    private bool _isTrusted;
    private bool _hasRead;
    private int _reading;

    /// <summary>Of the last reading; null before the first.</summary>
    public StatTable? Table { get; private set; }

    public WorkerFacts Facts { get; } = new();

    public IReadOnlyCollection<ServiceSeries> Services => _services.Values;

    public List<FrontendFacts> Frontends { get; } = [];

    public int EndpointCount { get; private set; }

    /// <summary>Backends with servers that nobody has, and servers whose names are none of ours.</summary>
    public int Unnamed { get; private set; }

    public void Begin()
    {
        _reading++;
        _current = null;
        _directory = directory();
        Unnamed = 0;
        Frontends.Clear();
        Facts.Clear();
    }

    public void OnInfo(ReadOnlySpan<byte> line) => Facts.Take(line);

    public void OnTable(StatTable table)
    {
        Table = table;
        var worker = Facts.Number("Pid"u8) ?? 0;
        _isNewWorker = worker != _worker;
        // A worker is read from its first second on by who started it; what it counted before the first reading of another's life is unknown.
        _isTrusted = _hasRead || (Facts.Number("Uptime_sec"u8) ?? long.MaxValue) <= uptime().TotalSeconds;
        _worker = worker;
    }

    public void OnRow(ReadOnlySpan<byte> line)
    {
        var names = Table!.Read(line, _values);
        // Of connections there are no requests.
        if (names.Mode.SequenceEqual("tcp"u8) || this[StatColumn.Requests] == StatColumns.None)
            _values[(int)StatColumn.Requests] = this[StatColumn.TotalSessions];
        switch (this[StatColumn.Type])
        {
            case FrontendType:
                Frontends.Add(new FrontendFacts(LabelText.And(_labels, ("frontend", Encoding.UTF8.GetString(names.Proxy))), [.. _values]));
                break;
            case BackendType:
                TakeBackend(Find(names.Proxy));
                break;
            case ServerType:
                TakeServer(Find(names.Proxy), names);
                break;
        }
    }

    /// <param name="isWhole">All rows have been read: what was not among them is no more.</param>
    public void End(bool isWhole)
    {
        if (!isWhole)
            return;
        _hasRead = true;
        EndpointCount = 0;
        foreach (var (name, backend) in _backends)
        {
            if (backend.Seen != _reading)
                _backends.Remove(name);
            else if (backend is { Service: null, HasServers: true, IsOwn: false })
                Unnamed++;
            foreach (var (server, row) in backend.Servers)
            {
                if (row.Seen != _reading)
                    backend.Servers.Remove(server);
            }
        }

        foreach (var (reference, service) in _services)
        {
            service.Close(_reading);
            EndpointCount += service.Endpoints.Count;
            if (service.Seen != _reading)
                _services.Remove(reference);
        }
    }

    private long this[StatColumn column] => _values[(int)column];

    private void TakeBackend(BackendRow row)
    {
        row.Grow(_values, _deltas, _isNewWorker, _isTrusted && !row.IsMixed);
        if (row.IsMixed && !row.IsFirst)
            Array.Clear(_deltas);
        (row.IsFirst, row.IsMixed) = (false, false);
        if (row.Service is not { } service)
            return;
        service.Add(_deltas);
        service.Sessions += Math.Max(0, this[StatColumn.Sessions]);
        service.Queue += Math.Max(0, this[StatColumn.Queue]);
        // What it did to its end is counted; from now on it is nobody's.
        if (row.Key is null)
            row.Service = null;
    }

    private void TakeServer(BackendRow backend, StatNames names)
    {
        backend.HasServers = true;
        if (backend.Service is not { } service || backend.Key is null)
            return;
        var servers = backend.Servers.GetAlternateLookup<ReadOnlySpan<byte>>();
        if (!servers.TryGetValue(names.Service, out var row))
            servers[names.Service] = row = new ServerRow(service.EndpointOf(BackendNames.Endpoint(Encoding.UTF8.GetString(names.Service))));
        row.Seen = _reading;
        row.Grow(_values, _deltas, _isNewWorker, _isTrusted);
        if (row.Endpoint is not { } endpoint)
        {
            Unnamed++;
            return;
        }

        if (endpoint.Seen != _reading)
            endpoint.Begin(_reading);
        endpoint.Add(_deltas);
        endpoint.Member.Add(_deltas);
        endpoint.Sessions += Math.Max(0, this[StatColumn.Sessions]);
        endpoint.Queue += Math.Max(0, this[StatColumn.Queue]);
        endpoint.Weight = Math.Max(endpoint.Weight, this[StatColumn.Weight]);
        endpoint.IsUp |= names.IsUp;
    }

    private BackendRow Find(ReadOnlySpan<byte> name)
    {
        if (_current is { } current && name.SequenceEqual(_currentName))
            return current;
        var rows = _backends.GetAlternateLookup<ReadOnlySpan<byte>>();
        if (!rows.TryGetValue(name, out _currentName!, out var row))
        {
            var text = Encoding.UTF8.GetString(name);
            _currentName = name.ToArray();
            _backends.Add(_currentName, row = new BackendRow(text, text == ProgramRenderer.AuthoritiesBackend || ProgramRenderer.IsOwn(text)));
        }

        if (row.Seen != _reading)
            Meet(row);
        return _current = row;
    }

    /// <summary>Asks whose it is now.</summary>
    private void Meet(BackendRow row)
    {
        (row.Seen, row.HasServers) = (_reading, false);
        var (key, turn) = row.IsOwn || _directory is null ? default : _directory.Find(row.Name);
        if (key is not null && !key.Equals(row.Key))
        {
            // It was free when it was read last, and nobody else has had it since; or nobody had it before.
            var isClean = row.IsFirst ? turn == 1 : row.Key is null && turn == row.Turn + 1 && ReferenceEquals(row.Directory, _directory);
            row.IsMixed = !isClean;
            row.Servers.Clear();
            row.Service = null;
        }

        // Who had it has what it counted to its end.
        if (key is null && row.Key is not null && turn != row.Turn)
            row.Service = null;
        (row.Key, row.Turn, row.Directory) = (key, turn, _directory);
        if (key is not null)
            row.Service ??= ServiceOf(key);
        if (row.Service is { } service && service.Seen != _reading && key is not null)
            service.Begin(_reading);
    }

    private ServiceSeries ServiceOf(PlaceKey key)
    {
        var reference = key.Backend.Ref;
        if (!_services.TryGetValue(reference, out var service))
        {
            var (name, port) = reference;
            service = new ServiceSeries(LabelText.And(_labels, ("namespace", name.Namespace), ("service", name.Name), ("port", port.ToString())));
            _services.Add(reference, service);
        }

        return service;
    }
}
