using System.Globalization;
using System.Text;
using MultiCluster.HAProxy.Data;
using MultiCluster.HAProxy.Planning;
using MultiCluster.HAProxy.Program;
using MultiCluster.Model.Collections;

namespace MultiCluster.HAProxy.Tests.Support;

/// <summary>
/// As much of HAProxy's Runtime API as plans use, as strict as the real one (replies recorded from 2.6 to 3.4): a key can be
/// added twice, a certificate listed twice, a server is deleted only in maintenance and without connections, a dynamic
/// backend only unpublished and empty.
/// </summary>
public sealed class ProxySimulator(ProxyFeatures features)
{
    private const ulong FirstNumber = 0x7f0000001000;

    private string? _transaction;
    private readonly Dictionary<string, List<KeyValuePair<string, string>>> _maps = new(StringComparer.Ordinal);
    private readonly Dictionary<string, SimulatedBackend> _backends = new(StringComparer.Ordinal);
    private readonly Dictionary<string, SimulatedCertificate> _certificates = new(StringComparer.Ordinal);
    private readonly List<string> _listed = [];
    private readonly Dictionary<string, string?> _trust = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> _lines = new(StringComparer.Ordinal);

    /// <summary>Lines of the certificate list that came at run time, by file.</summary>
    public IReadOnlyDictionary<string, string> Lines => _lines;

    /// <summary>Connections that a server still has when its deletion is asked for; each refusal ends one.</summary>
    public Func<int> Connections { get; set; } = static () => 0;

    /// <summary>2.6 takes the content of another certificate into a transaction that is open; later versions refuse it.</summary>
    public bool WritesIntoOpenTransaction { get; init; }

    public ProxyFeatures Features { get; } = features;

    public IReadOnlyDictionary<string, SimulatedBackend> Backends => _backends;

    public IReadOnlyList<KeyValuePair<string, string>> Map(MapName map) => _maps[Make.Paths.Full(RouteMaps.File(map))];

    /// <summary>With any key, as quoting on the command line allows.</summary>
    public void AddByHand(MapName map, string key, string value) => _maps[Make.Paths.Full(RouteMaps.File(map))].Add(KeyValuePair.Create(key, value));

    /// <summary>Starts, or reloads, from a start file: all that was done at run time is gone.</summary>
    public void Load(StartFile file)
    {
        _maps.Clear();
        _backends.Clear();
        _certificates.Clear();
        _listed.Clear();
        _trust.Clear();
        _transaction = null;
        foreach (var part in file.Parts)
        {
            var lines = string.Concat(part.Chunks.Select(static chunk => chunk.ToString())).Split('\n', StringSplitOptions.RemoveEmptyEntries);
            if (part.Path.EndsWith(".map", StringComparison.Ordinal))
                _maps[Make.Paths.Full(part.Path)] = [.. lines.Select(static line => line.Split(' ')).Select(static words => KeyValuePair.Create(words[0], words[1]))];
            else if (part.Path == ProgramPaths.Config)
                LoadBackends(lines);
            else if (part.Path == ProgramPaths.CertificateList)
                _listed.AddRange(lines.Skip(1).Select(static line => line.Split(' ')[0]));
            else if (TrustFile.KindOf(part.Path) is not null)
                _trust[Make.Paths.Full(part.Path)] = lines[0];
            else if (part.Path.EndsWith(".pem", StringComparison.Ordinal) && part.Path != ProgramPaths.Authorities)
                _certificates[Make.Paths.Full(part.Path)] = new SimulatedCertificate { Content = lines[0] };
        }

        Assert.All(_listed, file => Assert.Contains(file, _certificates));
    }

    /// <summary>Read back as the Runtime does.</summary>
    public ActualData Observe()
    {
        var actual = new ActualData();
        foreach (var map in RouteMaps.All)
        {
            for (var i = 0; i < Map(map).Count; i++)
                actual.TakeMapEntry(map, FirstNumber + (ulong)i, Map(map)[i].Key, Map(map)[i].Value);
        }

        actual.CertificateTransaction = _transaction;
        foreach (var (name, backend) in _backends)
        {
            actual.AddBackend(name);
            foreach (var (server, state) in backend.Servers)
                actual.SetServer(name, server, new ActualServer(state.Address, state.Port, state.InMaintenance, state.IsDraining, HasChecksOff: state.HasCheck && !state.IsChecked) { AsksAgent = state.AsksAgent, WasDisabled = state.WasDisabled });
        }

        actual.LoadedTrust.UnionWith(_trust.Keys.Select(Relative));
        actual.ListedCertificates.UnionWith(_listed.Select(Relative));
        actual.LoadedCertificates.UnionWith(_certificates.Keys.Select(Relative).Where(static file => file != ProgramPaths.DefaultCertificate));
        return actual;
    }

    public string Execute(RuntimeCommand command)
    {
        Assert.DoesNotContain('\n', command.Line);
        var words = command.Line.Replace(@"\\", @"\", StringComparison.Ordinal).Split(' ');
        return words switch
        {
            ["add", "map", var map, var key, var value] => AddMap(map, Unescaped(key), Unescaped(value)),
            ["set", "map", var map, var key, var value] => SetMap(map, Unescaped(key), Unescaped(value)),
            ["del", "map", var map, var key] => DeleteMap(map, Unescaped(key)),
            ["add", "server", var path, var endpoint, .. var options] => AddServer(path, endpoint, options),
            ["set", "server", var path, "state", var state] => SetState(path, state),
            ["enable" or "disable", "agent", var path] => AskAgent(path, words[0] == "enable"),
            ["enable", "health", var path] => EnableHealth(path),
            ["enable", "dynamic-cookie", "backend", var name] => EnableCookies(name),
            ["del", "server", var path] => DeleteServer(path),
            ["add" or "publish" or "unpublish" or "del", "backend", var name, ..] => Backend(words, name),
            [_, "ssl", "ca-file" or "crl-file", ..] => Trust(words, command.Payload),
            [_, "ssl", ..] => Certificate(words, command.Payload),
            _ => "Unknown command.",
        };
    }

    private static string Relative(string path) => path[(Make.Paths.Root.Length + 1)..];

    private void LoadBackends(string[] lines)
    {
        SimulatedBackend? current = null;
        foreach (var line in lines)
        {
            var words = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
            if (line.StartsWith("backend ", StringComparison.Ordinal))
                _backends.Add(words[1], current = new SimulatedBackend { IsPublished = true });
            else if (words is ["server", var name, var endpoint, .. var options] && current is not null)
                current.Servers.Add(name, SimulatedServer.At(endpoint, options.Contains("disabled"), Connections()).With(options) with { WasDisabled = options.Contains("disabled"), IsChecked = options.Contains("check"), AsksAgent = options.Contains("agent-check"), HasCookie = true });
        }
    }

    /// <summary>A backslash says that the next character stands for itself.</summary>
    private static string Unescaped(string word) => word.Replace(@"\\", @"\", StringComparison.Ordinal);

    private string AddMap(string map, string key, string value)
    {
        if (!_maps.TryGetValue(map, out var entries))
            return "Unknown map identifier. Please use #<id> or <file>.";
        entries.Add(KeyValuePair.Create(key, value));
        return "";
    }

    private string SetMap(string map, string key, string value)
    {
        var at = _maps.TryGetValue(map, out var entries) ? entries.FindIndex(pair => pair.Key == key) : -1;
        if (at < 0)
            return "entry not found.";
        entries![at] = KeyValuePair.Create(key, value);
        return "";
    }

    private string DeleteMap(string map, string key)
    {
        if (!key.StartsWith("#0x", StringComparison.Ordinal))
            return DeleteKey(map, key);
        var at = (int)(ulong.Parse(key[3..], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture) - FirstNumber);
        if (!_maps.TryGetValue(map, out var entries) || at < 0 || at >= entries.Count)
            return "Key not found.";
        entries.RemoveAt(at);
        return "";
    }

    private string DeleteKey(string map, string key) =>
        _maps.TryGetValue(map, out var entries) && entries.RemoveAll(pair => pair.Key == key) > 0 ? "" : "Key not found.";

    private string AddServer(string path, string endpoint, string[] options)
    {
        var (backend, name) = Split(path);
        if (backend is null)
            return "No such backend.";
        if (options.FirstOrDefault(static word => word is "enabled" or "no-check-ssl") is { } refused)
            return $"'{refused}' option is not accepted for dynamic server";
        var added = SimulatedServer.At(endpoint, true, Connections()).With(options);
        if (added.Id > 0 && backend.Servers.Values.Any(server => server.Id == added.Id))
            return "A server with the same id exists.";
        return backend.Servers.TryAdd(name, added)
            ? "New server registered."
            : "Already exists a server with the same name in backend.";
    }

    private string SetState(string path, string state)
    {
        var (backend, name) = Split(path);
        if (backend is null)
            return "No such backend.";
        if (!backend.Servers.TryGetValue(name, out var server))
            return "No such server.";
        backend.Servers[name] = server with { InMaintenance = state == "maint", IsDraining = state == "drain" };
        return "";
    }

    private string AskAgent(string path, bool asks)
    {
        var (backend, name) = Split(path);
        if (backend is null || !backend.Servers.TryGetValue(name, out var server))
            return "No such server.";
        if (!server.HasAgent)
            return "Agent was not configured on this server, cannot enable.";
        backend.Servers[name] = server with { AsksAgent = asks };
        return "";
    }

    /// <summary>As an agent's "maint", "drain" and "ready" have it.</summary>
    public void HearAgent(string backend, string server, string word)
    {
        var state = _backends[backend].Servers[server];
        Assert.True(state.AsksAgent);
        _backends[backend].Servers[server] = state with { InMaintenance = word == "maint", IsDraining = word == "drain" };
    }

    private string EnableHealth(string path)
    {
        var (backend, name) = Split(path);
        if (backend is null || !backend.Servers.TryGetValue(name, out var server))
            return "No such server.";
        if (!server.HasCheck)
            return "Health checks are not configured on this server, cannot enable.";
        backend.Servers[name] = server with { IsChecked = true };
        return "";
    }

    private string EnableCookies(string name)
    {
        if (!_backends.TryGetValue(name, out var backend))
            return "Can't find backend.";
        foreach (var (server, state) in backend.Servers.ToList())
            backend.Servers[server] = state with { HasCookie = true };
        return "";
    }

    private string DeleteServer(string path)
    {
        var (backend, name) = Split(path);
        if (backend is null)
            return "No such backend.";
        if (!backend.Servers.TryGetValue(name, out var server))
            return "No such server.";
        if (!server.InMaintenance)
            return "Only servers in maintenance mode can be deleted.";
        if (server.Connections > 0)
        {
            backend.Servers[name] = server with { Connections = server.Connections - 1 };
            return "Server still has connections attached to it, cannot remove it.";
        }

        backend.Servers.Remove(name);
        return "Server deleted.";
    }

    private string Backend(string[] words, string name)
    {
        if (!Features.DynamicBackends)
            return "Unknown command.";
        if (words[0] == "add")
            return _backends.TryAdd(name, new SimulatedBackend()) ? "New backend registered." : "name is already used by other proxy";
        if (!_backends.TryGetValue(name, out var backend))
            return "No such backend.";
        if (words[0] != "del")
        {
            backend.IsPublished = words[0] == "publish";
            return backend.IsPublished ? "Backend published." : "Backend unpublished.";
        }

        if (backend.IsPublished)
            return "Backend must be unpublished prior to its deletion.";
        if (backend.Servers.Count > 0 || Connections() > 1)
            return "Only a backend without server can be deleted.";
        _backends.Remove(name);
        return "Backend deleted.";
    }

    private string Trust(string[] words, string? payload)
    {
        var file = words[3];
        switch (words[0])
        {
            case "new":
                return _trust.TryAdd(file, null) ? $"New CA file created '{file}'!" : $"'{file}' already exists!";
            case "set" when _trust.ContainsKey(file):
                _trust[file] = payload;
                return $"transaction created for CA {file}!";
            case "commit" when _trust.GetValueOrDefault(file) is not null:
                return $"Committing {file}\nSuccess!";
            case "del" when _trust.ContainsKey(file):
                if (_listed.Exists(listed => _lines.TryGetValue(listed, out var line) && line.Contains(file, StringComparison.Ordinal)))
                    return $"Can't remove the CA file: CA file '{file}' in use, can't be deleted!";
                _trust.Remove(file);
                return $"CA file '{file}' deleted!";
            default:
                return "Unknown command.";
        }
    }

    private string Certificate(string[] words, string? payload)
    {
        if (payload is not null)
            Assert.DoesNotContain("\n\n", payload, StringComparison.Ordinal);
        switch (words)
        {
            case ["new", _, "cert", var file]:
                return _certificates.TryAdd(file, new SimulatedCertificate()) ? $"New empty certificate store '{file}'!" : $"Certificate '{file}' already exists!";
            case ["set", _, "cert", var file]:
                if (!_certificates.TryGetValue(file, out var changed))
                    return "Can't replace a certificate which is not referenced by the configuration!";
                if (_transaction is { } other && other != file)
                {
                    if (!WritesIntoOpenTransaction)
                        return $"The ongoing transaction is about '{other}' but you are trying to set '{file}'\nCan't update {file}!";
                    _certificates[other].Pending = payload;
                    return $"Transaction updated for certificate {other}!";
                }

                _transaction = file;
                changed.Pending = payload;
                return $"Transaction created for certificate {file}!";
            case ["commit", _, "cert", var file]:
                if (_transaction != file || !_certificates.TryGetValue(file, out var opened) || opened.Pending is not { } content)
                    return "No ongoing transaction! !";
                _transaction = null;
                opened.Content = content;
                opened.Pending = null;
                return $"Committing {file}\nSuccess!";
            case ["abort", _, "cert", var file]:
                if (_transaction != file)
                    return "No ongoing transaction!";
                _transaction = null;
                _certificates[file].Pending = null;
                return $"Transaction aborted for certificate '{file}'!";
            case ["add", _, "crt-list", _]:
                var listed = payload!.Split(' ')[0];
                if (!_certificates.TryGetValue(listed, out var loaded) || loaded.Content is null)
                    return $"Can't edit the crt-list: certificate '{listed}' is empty!";
                foreach (var word in payload.Split(' ').Where(word => TrustFile.KindOf(word[(word.LastIndexOf("certs/", StringComparison.Ordinal) is >= 0 and var at ? at : 0)..]) is not null))
                {
                    if (_trust.GetValueOrDefault(word.TrimEnd(']')) is null)
                        return $"unable to load {word}: it is not in memory";
                }

                _listed.Add(listed);
                _lines[listed] = payload;
                return $"Inserting certificate '{listed}' in crt-list.\nSuccess!";
            case ["del", _, "crt-list", _, var file]:
                if (_listed.Count(entry => entry == file) != 1)
                    return "Can't delete the entry: found the certificate in several entries, or none";
                _listed.Remove(file);
                return $"Entry '{file}' deleted in crtlist!";
            case ["del", _, "cert", var file]:
                if (_transaction == file)
                    return $"Can't remove the certificate: ongoing transaction for the certificate '{file}'";
                if (_listed.Contains(file) || !_certificates.Remove(file))
                    return $"Can't remove the certificate: certificate '{file}' in use, can't be deleted!";
                return $"Certificate '{file}' deleted!";
            default:
                return "Unknown command.";
        }
    }

    private (SimulatedBackend? Backend, string Server) Split(string path)
    {
        var slash = path.IndexOf('/', StringComparison.Ordinal);
        return (_backends.GetValueOrDefault(path[..slash]), path[(slash + 1)..]);
    }
}

public sealed class SimulatedBackend
{
    public bool IsPublished { get; set; }

    public Dictionary<string, SimulatedServer> Servers { get; } = new(StringComparer.Ordinal);

    /// <summary>Servers that get requests.</summary>
    public IEnumerable<SimulatedServer> Serving => IsPublished ? Servers.Values.Where(static server => server is { InMaintenance: false, IsDraining: false }) : [];
}

public sealed class SimulatedCertificate
{
    public string? Content { get; set; }

    public string? Pending { get; set; }
}
