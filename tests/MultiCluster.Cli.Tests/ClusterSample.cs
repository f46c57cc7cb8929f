using MultiCluster.Model.Admin;

namespace MultiCluster.Cli.Tests;

/// <summary>Answers of node-a in a cluster of three, of which node-c is down.</summary>
internal static class ClusterSample
{
    public static readonly StoreView Store = new("Writing", null, null, 3, 1, 0.25, 0, 0, 0);

    public static readonly ClusterStateView Cluster = new(
        "prod",
        "node-a",
        "00c0ffee",
        "Up",
        HasJoined: true,
        Refusal: null,
        Protocol: 1,
        LeaseValid: true,
        Shards: 64,
        Unowned: [],
        [
            new ClusterNodeView("node-a", "00c0ffee", "10.0.0.1:9071", 1, "Up", 33, IsSelf: true),
            new ClusterNodeView("node-b", "0badcafe", "10.0.0.2:9071", 1, "Up", 31, IsSelf: false),
            new ClusterNodeView("node-c", "0000dead", "10.0.0.3:9071", 1, "Down", 0, IsSelf: false),
        ],
        Store);

    public static readonly ClusterStateView Refused = Cluster with
    {
        State = "Joining",
        HasJoined = false,
        Refusal = "node name 'node-a' is in use by a live node at 10.0.0.9:9071; give each node its own cluster.node",
        LeaseValid = false,
        Shards = 0,
        Nodes = [],
        Store = new StoreView("Failing", Mcctl.Now.AddSeconds(-75), "connection refused", 900, 40, 75, 12, 3, 1),
    };

    public static readonly HealthView Sick = new(
        "node-a",
        Healthy: false,
        [
            new CheckView("joined", true, "as node-a#00c0ffee"),
            new CheckView("shards", false, "2 of 64 without an owner: 7, 9; what is for them waits"),
        ]);

    public static readonly RegionsView Regions = new(
        [
            new RegionView("node-a", "00c0ffee", "Up", "10.0.0.1:9071", IsSelf: true, [0, 1, 2, 5]),
            new RegionView("node-b", "0badcafe", "Leaving", "10.0.0.2:9071", IsSelf: false, [3, 4, 8]),
            new RegionView("node-c", "0000dead", "Down", "10.0.0.3:9071", IsSelf: false, []),
        ],
        [6, 7]);

    public static readonly IReadOnlyList<ShardRowView> Shards =
    [
        new ShardRowView(0, "node-a", "node-a", 12, "Serving", 4, []),
        new ShardRowView(1, "node-b", "node-a", 13, null, 2, ["member/aws", "member/gcp"]),
        new ShardRowView(2, null, null, 9, null, null, []),
        new ShardRowView(3, "node-a", "node-b", 14, "Stopping", null, []),
    ];

    public static readonly ShardingStatsView Stats = new(
        "node-a",
        5,
        new Dictionary<string, int> { ["ingress"] = 3, ["backend"] = 4, ["member"] = 1 },
        [
            new ShardStatsView(0, "node-a", new Dictionary<string, int> { ["ingress"] = 3, ["backend"] = 1 }),
            new ShardStatsView(1, "node-b", new Dictionary<string, int> { ["backend"] = 3, ["member"] = 1 }),
        ],
        [2],
        [3]);

    public static readonly ActorView Tree = new(
        "/user", "user", "Guardian", "Running", 0, 0, null, 0,
        [
            new ActorView("/user/control", "control", "ControlPlane", "Running", 7, 2, null, 12, []),
            new ActorView("/user/status", "status", "StatusWriter", "Quarantined", 0, 5, "HttpRequestException: no", 0, []),
        ]);

    public static readonly LogLineView Line = new(41, Mcctl.Now, "warn", "MultiCluster.Cluster", 2302, "Shard 3: its journal can't be read", null);

    public static readonly LogLineView Failure = new(42, Mcctl.Now.AddMilliseconds(7), "error", "MultiCluster.Actors", 1001, "failed\e[2J", "System.Exception: a\n   at b\r\n   at \u202ec");

    public static readonly ProxyDiffView Diff = new(
        "local",
        "Waiting",
        "1 refused",
        12,
        Pending: true,
        [
            new DifferenceView("Route", "a.example/cart/", "slot-0||web/shop", null, "HAProxy refuses it"),
            new DifferenceView("Route", "evil.example/", null, "slot-1||x/y", null),
            new DifferenceView("Server", "web/cart:80@aws aws:pod:10.0.0.1:80", "10.0.0.1:80", "10.0.0.1:80 in maintenance", null),
        ]);
}
