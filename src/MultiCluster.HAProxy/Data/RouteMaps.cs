using System.Globalization;
using MultiCluster.HAProxy.Program;
using MultiCluster.Model.Routing;

namespace MultiCluster.HAProxy.Data;

/// <summary>The program's maps.</summary>
public enum MapName
{
    Routes,
    Defaults,

    /// <summary>HAProxy's name of a backend to its real one; HAProxy itself thus remembers which slot is whose.</summary>
    Backends,
}

/// <summary>An entry's place.</summary>
public readonly record struct MapKey(MapName Map, string Key);

/// <summary>How routes are written into the maps; see the program's frontend for how they are read.</summary>
public static class RouteMaps
{
    /// <summary>Ends the key of an Exact path.</summary>
    public const char EndMark = '\u0001';

    /// <summary>No key of ours begins with it: a host has no such character.</summary>
    private const char ReferenceMark = '#';

    public static readonly IReadOnlyList<MapName> All = [MapName.Routes, MapName.Defaults, MapName.Backends];

    /// <summary>Those whose values lead a request to a backend.</summary>
    public static readonly IReadOnlyList<MapName> Routing = [MapName.Routes, MapName.Defaults];

    public static string File(MapName map) => map switch
    {
        MapName.Routes => ProgramPaths.RouteMap,
        MapName.Defaults => ProgramPaths.DefaultMap,
        MapName.Backends => ProgramPaths.BackendMap,
        _ => throw new ArgumentOutOfRangeException(nameof(map)),
    };

    /// <summary>Stands for a key that is none of ours: HAProxy takes the number of an entry, marked so, instead of its key.</summary>
    public static string Reference(ulong number) => string.Create(CultureInfo.InvariantCulture, $"{ReferenceMark}0x{number:x}");

    public static bool IsReference(string key) => key.StartsWith(ReferenceMark);

    /// <summary>Null when the key cannot be written safely; Federation reports such paths before they come here.</summary>
    public static MapKey? KeyOf(RouteKey route)
    {
        if (!IsWritable(route))
            return null;
        var host = route.Host.Length == 0 ? "*" : route.Host;
        MapKey? key = route.Match switch
        {
            PathMatch.Exact => new MapKey(MapName.Routes, $"{host}{route.Path}/{EndMark}"),
            PathMatch.Prefix => new MapKey(MapName.Routes, $"{host}{route.Path}/"),
            PathMatch.Default => new MapKey(MapName.Defaults, host),
            _ => null,
        };
        return key is { } entry && SafeText.IsKey(entry.Key) ? key : null;
    }

    /// <summary>Host and path each by themselves: together, one could end where the other is meant to begin.</summary>
    private static bool IsWritable(RouteKey route) =>
        (route.Host.Length == 0 || SafeText.IsHost(route.Host))
        && (route.Match == PathMatch.Default ? route.Path.Length == 0 : SafeText.IsPath(route.Path))
        && (route.Match != PathMatch.Exact || route.Path.Length > 0);

    /// <param name="backend">HAProxy's name of the backend.</param>
    public static string Value(string backend, Route route) => $"{backend}||{route.Ingress}";

    /// <summary>HAProxy's name of the backend that a route's value leads to.</summary>
    public static ReadOnlySpan<char> BackendOf(string value) => value.AsSpan()[..Math.Max(0, value.IndexOf('|', StringComparison.Ordinal))];
}
