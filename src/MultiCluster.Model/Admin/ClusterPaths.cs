using System.Globalization;

namespace MultiCluster.Model.Admin;

/// <summary>Paths of the admin API about the cluster and the process itself.</summary>
public static class ClusterPaths
{
    public const string Cluster = "/api/v1/cluster";
    public const string Status = "/api/v1/cluster/status";

    /// <summary>POST: the node asked gives its shards away and leaves.</summary>
    public const string Leave = "/api/v1/cluster/leave";

    public const string Nodes = "/api/v1/cluster/nodes";
    public const string Regions = "/api/v1/sharding/regions";

    /// <summary>Query parameter <c>node</c>: only what that node owns.</summary>
    public const string Shards = "/api/v1/sharding/shards";

    public const string Stats = "/api/v1/sharding/stats";

    /// <summary>Query parameter <c>key</c>.</summary>
    public const string Find = "/api/v1/sharding/find";

    /// <summary>Query parameters <c>path</c> and <c>depth</c>.</summary>
    public const string Actors = "/api/v1/actors";

    /// <summary>Query parameters <c>level</c> and <c>lines</c>.</summary>
    public const string Log = "/api/v1/log";

    /// <summary>As <see cref="Log"/>, and what comes after, as server-sent events <see cref="LineEvent"/> and <see cref="GapEvent"/>.</summary>
    public const string LogStream = "/api/v1/log/stream";

    /// <summary>Its data is a <see cref="LogLineView"/>.</summary>
    public const string LineEvent = "line";

    /// <summary>Its data is a <see cref="LogGapView"/>.</summary>
    public const string GapEvent = "gap";

    /// <summary>Without data, now and then, so that a connection that is gone is noticed.</summary>
    public const string IdleEvent = "idle";

    /// <summary>POST: declares a node dead.</summary>
    public static string Down(string node) => $"{Nodes}/{Escape(node)}/down";

    public static string ShardsOf(string? node) => node is null ? Shards : $"{Shards}?node={Escape(node)}";

    public static string Entities(int shard) => string.Create(CultureInfo.InvariantCulture, $"{Shards}/{shard}/entities");

    public static string FindOf(string key) => $"{Find}?key={Escape(key)}";

    public static string ActorsOf(string? path, int? depth) => Actors + Query(("path", path), ("depth", depth?.ToString(CultureInfo.InvariantCulture)));

    public static string LogOf(string? level, int lines, bool follow = false) =>
        (follow ? LogStream : Log) + Query(("level", level), ("lines", lines.ToString(CultureInfo.InvariantCulture)));

    public static string Diff(string proxy) => $"{AdminPaths.Proxy(proxy)}/diff";

    private static string Query(params ReadOnlySpan<(string Name, string? Value)> parameters)
    {
        var query = "";
        foreach (var (name, value) in parameters)
        {
            if (value is not null)
                query += $"{(query.Length == 0 ? '?' : '&')}{name}={Escape(value)}";
        }
        return query;
    }

    private static string Escape(string value) => Uri.EscapeDataString(value);
}
