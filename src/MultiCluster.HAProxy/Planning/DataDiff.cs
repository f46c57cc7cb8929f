using System.Collections.Immutable;
using MultiCluster.HAProxy.Data;
using MultiCluster.HAProxy.Policies;
using MultiCluster.HAProxy.Program;

namespace MultiCluster.HAProxy.Planning;

/// <summary>What HAProxy should hold and does not, or the other way round.</summary>
/// <param name="Subject">What a plan would name it by.</param>
/// <param name="Kind">Route, Share, Session, Owner, Backend, Server or Certificate.</param>
/// <param name="Item">For people.</param>
/// <param name="Wanted">Null: it should not be there.</param>
/// <param name="Held">Null: it is not there.</param>
public sealed record DataDifference(Subject Subject, string Kind, string Item, string? Wanted, string? Held);

/// <summary>
/// Compares the whole of both sides, without regard to what may be changed now. What lies in HAProxy and does nothing is no difference:
/// blank backends, and places that still bear the name of who had them.
/// </summary>
public static class DataDiff
{
    public static ImmutableArray<DataDifference> Between(DesiredData desired, ActualData actual) =>
    [
        .. RouteMaps.All.SelectMany(map => Entries(map, desired, actual))
            .Concat(Backends(desired, actual))
            .Concat(Certificates(desired, actual))
            .OrderBy(static difference => difference.Kind, StringComparer.Ordinal)
            .ThenBy(static difference => difference.Item, StringComparer.Ordinal),
    ];

    private static IEnumerable<DataDifference> Entries(MapName map, DesiredData desired, ActualData actual)
    {
        var wanted = desired.Map(map);
        var held = actual.Map(map);
        foreach (var key in wanted.Keys.Union(held.Keys, StringComparer.Ordinal))
        {
            var (should, does) = (wanted.GetValueOrDefault(key), held.GetValueOrDefault(key));
            if (!string.Equals(should, does, StringComparison.Ordinal))
                yield return new DataDifference(Subject.Map(new MapKey(map, key)), KindOf(map), NameOf(map, key), should, does);
        }
    }

    private static string KindOf(MapName map) => map switch
    {
        MapName.Backends => "Owner",
        MapName.Shares or MapName.Next => "Share",
        MapName.Bound or MapName.Tokens => "Session",
        MapName.Trust => "Certificate",
        _ when RouteMaps.IsOfPolicies(map) => "Policy",
        _ => "Route",
    };

    private static string NameOf(MapName map, string key) => map switch
    {
        _ when RouteMaps.IsReference(key) => $"entry {key} of the map {map}, which is not ours",
        _ when RouteMaps.IsOfPolicies(map) => $"value of policy {PolicyData.IdOf(new MapKey(map, key))[..Math.Min(8, PolicyData.IdOf(new MapKey(map, key)).Length)]}",
        MapName.Defaults => $"{key} (default)",
        MapName.Shares => $"{RouteMaps.SteerOf(key)}: draws {key[(key.LastIndexOf('/') + 1)..].PadRight(5, '*')[1..]}",
        MapName.Next => $"{RouteMaps.SteerOf(key)}: after {key[(key.LastIndexOf('/') + 1)..]}",
        MapName.Bound => $"{RouteMaps.SteerOf(key)}: sessions of {key[(key.LastIndexOf('/') + 1)..]}",
        MapName.Tokens => $"{RouteMaps.SteerOf(key)}: token of {key[(key.LastIndexOf('/') + 1)..]}",
        MapName.Routes when key.EndsWith(RouteMaps.EndMark) => $"{key[..^2]} (exact)",
        _ => key,
    };

    private static IEnumerable<DataDifference> Backends(DesiredData desired, ActualData actual)
    {
        foreach (var backend in desired.Backends)
        {
            if (Place(backend, actual) is { } missing)
                yield return missing;
            if (backend.Name is not { } name)
                continue;
            foreach (var difference in Servers(name, backend.RealName, backend.Servers, actual.Servers(name)))
                yield return difference;
        }
        foreach (var name in actual.Backends.Where(name => name != ProgramRenderer.AuthoritiesBackend && desired.Find(name) is null))
        {
            var owner = actual.Map(MapName.Backends).GetValueOrDefault(name, name);
            foreach (var difference in Servers(name, owner, ImmutableDictionary<string, ServerSpec>.Empty, actual.Servers(name)))
                yield return difference;
        }
    }

    /// <summary>A backend without servers needs no place where places are slots.</summary>
    private static DataDifference? Place(DesiredBackend backend, ActualData actual)
    {
        if (backend.Name is not { } name)
            return backend.Servers.Count == 0 ? null : new DataDifference(Subject.Backend(backend.RealName), "Backend", backend.RealName, "a slot", null);
        var isNeeded = backend.Servers.Count > 0 || !BackendPool.IsSlot(name);
        return isNeeded && !actual.HasBackend(name) ? new DataDifference(Subject.Backend(name), "Backend", backend.RealName, name, null) : null;
    }

    private static IEnumerable<DataDifference> Servers(
        string backend, string owner, IReadOnlyDictionary<string, ServerSpec> wanted, IReadOnlyDictionary<string, ActualServer> held)
    {
        foreach (var (name, spec) in wanted)
        {
            if (!held.TryGetValue(name, out var server))
                yield return Server(backend, owner, name, TextOf(spec), null);
            else if (!server.IsAs(spec) || !Planner.SameAddress(spec, server))
                yield return Server(backend, owner, name, TextOf(spec), TextOf(server));
        }
        foreach (var (name, server) in held)
        {
            if (!wanted.ContainsKey(name))
                yield return Server(backend, owner, name, null, TextOf(server));
        }
    }

    private static DataDifference Server(string backend, string owner, string name, string? wanted, string? held) =>
        new(Subject.Backend(backend), "Server", $"{owner} {name}", wanted, held);

    private static string TextOf(ActualServer server) =>
        new ServerSpec("", server.Address, server.Port).Endpoint + (server.InMaintenance ? " in maintenance" : server.IsDraining ? " draining" : "");

    private static string TextOf(ServerSpec server) => server.Endpoint + (server.IsDraining ? " draining" : "");

    private static IEnumerable<DataDifference> Certificates(DesiredData desired, ActualData actual)
    {
        foreach (var file in desired.Certificates.Values)
        {
            if (!actual.ListedCertificates.Contains(file.FileName))
                yield return Certificate(file.FileName, $"for {string.Join(", ", file.Hosts)}", actual.LoadedCertificates.Contains(file.FileName) ? "loaded, in no list" : null);
        }
        foreach (var name in actual.ListedCertificates.Union(actual.LoadedCertificates, StringComparer.Ordinal))
        {
            if (!desired.Certificates.ContainsKey(name) && desired.FindIdentity(name) is null)
                yield return Certificate(name, null, actual.ListedCertificates.Contains(name) ? "in the list" : "loaded, in no list");
        }
        if (actual.TakesCertificates && desired.Fallback is { } fallback && !FallbackCertificate.Is(fallback, actual.DefaultCertificate))
            yield return Certificate(ProgramPaths.DefaultCertificate, "the default certificate", actual.DefaultCertificate is null ? null : "another");
        foreach (var file in desired.Identities.Where(file => !actual.LoadedCertificates.Contains(file.FileName)))
            yield return Certificate(file.FileName, "loaded", null);
        foreach (var file in desired.Trust.Where(file => !actual.LoadedTrust.Contains(file.FileName)))
            yield return Certificate(file.FileName, "loaded", null);
        foreach (var name in actual.LoadedTrust.Where(name => desired.FindTrust(name) is null))
            yield return Certificate(name, null, "loaded");
        if (actual.CertificateTransaction is { } open)
            yield return new DataDifference(Subject.Foreign(open), "Certificate", open, null, "a change that nobody committed");
    }

    private static DataDifference Certificate(string file, string? wanted, string? held) =>
        new(Subject.Certificate(file), "Certificate", file, wanted, held);
}
