using MultiCluster.Model.Admin;

namespace MultiCluster.Cli.Tests;

/// <summary>Answers of a controller with the two members aws and gcp.</summary>
internal static class Sample
{
    public static readonly RouteView Root =
        new("shop.example", "/", "Prefix", "shop/shop", "shop/shop:80", ["aws", "gcp"], 4, Owner: true);

    public static readonly RouteView Cart =
        new("shop.example", "/cart", "Prefix", "shop/shop", "shop/cart:http", ["gcp"], 0, Owner: true);

    public static readonly RouteView Stolen =
        new("*.apps.example", "/", "Exact", "thief/apps", "thief/apps:80", [], 12, Owner: false);

    public static readonly IngressView Shop = new(
        "shop",
        "shop",
        ["aws", "gcp"],
        ["shop.example"],
        ["shop.example"],
        [Cart, Root],
        [
            new ConditionView("aws", "Accepted", true, "Accepted", "Routes are accepted."),
            new ConditionView("aws", "Conflict", false, "NoConflicts", ""),
            new ConditionView("gcp", "Accepted", true, "Accepted", "Routes are accepted."),
            new ConditionView("gcp", "ResolvedRefs", false, "SecretNotFound", "Secret shop/tls does not exist; create it."),
        ]);

    public static readonly IngressView Thief = new(
        "thief",
        "apps",
        [],
        [],
        [],
        [Stolen],
        [
            new ConditionView("aws", "Conflict", true, "PathConflict", "shop/shop is older."),
            new ConditionView("aws", "PartiallyInvalid", true, "InvalidPath", "The path /a;b can't be routed."),
            new ConditionView("gcp", "Conflict", true, "PathConflict", "shop/shop is older."),
        ]);

    public static readonly ProxyView Proxy = new(
        Name: "haproxy",
        State: "Serving",
        StateReason: null,
        Version: "2.6.12",
        MasterPid: 4711,
        WorkerPid: 4712,
        Adopted: true,
        DesiredVersion: 12,
        AppliedVersion: 11,
        StartFileVersion: 10,
        Routes: 3,
        Backends: 2,
        Servers: 4,
        Certificates: 1,
        PoolSize: 2048,
        PoolUsed: 2,
        CommandsSent: 77,
        CommandsRefused: 0,
        Refused: 0,
        Resyncs: 1,
        MasterReloads: 5,
        ReloadsByReason: new Dictionary<string, long> { ["PoolExhausted"] = 2, ["ProgramChanged"] = 1 },
        FailedReloadsByReason: new Dictionary<string, long> { ["ProgramChanged"] = 2 },
        Listens: ["127.0.0.1:8080", "127.0.0.1:8443"]);

    public static readonly IReadOnlyList<ServerView> Servers =
    [
        new("shop/shop:80", "s1", "aws/shop-1", "127.10.0.11:5678", "Up"),
        new("shop/shop:80", "s2", "gcp/shop-1", "127.20.0.11:5678", "Draining"),
    ];

    public static readonly ExplainView Explain = new(
        "https://shop.example/cart/1",
        "Route",
        "The longest prefix of the path on its exact host.",
        Cart,
        ["shop.example exact /cart/1: none", "shop.example prefix /cart: shop/cart:http"],
        ["thief/apps (aws): younger"],
        "shop/tls (shop.example)",
        Servers);
}
