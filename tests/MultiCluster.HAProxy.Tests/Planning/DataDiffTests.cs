using MultiCluster.HAProxy.Data;
using MultiCluster.HAProxy.Planning;
using MultiCluster.HAProxy.Program;
using MultiCluster.HAProxy.Tests.Support;
using MultiCluster.Model.Routing;

namespace MultiCluster.HAProxy.Tests.Planning;

/// <summary>What differs, as "kind: item: wanted / held".</summary>
public sealed class DataDiffTests
{
    private static readonly Route Cart = Make.Route(Make.Prefix("a.example", ""), "cart");
    private static readonly RoutingDelta Model = Make.Delta(
        [Cart, Make.Route(new RouteKey("a.example", "/x", PathMatch.Exact), "cart"), Make.Route(new RouteKey("b.example", "", PathMatch.Default), "tea")],
        Make.Fragment("cart", "10.0.0.1", "2001:db8::1"),
        Make.Fragment("tea", "10.0.0.9")) with { Certificates = Make.Certificates(("a.example", Make.Certificate("c1"))).Certificates };

    public static TheoryData<string> Versions => ["2.6", "3.2", "3.4"];

    [Theory]
    [MemberData(nameof(Versions))]
    public void Nothing_differs_once_all_is_applied(string version)
    {
        var proxy = new Bench(Make.Features(version));
        proxy.Apply(Model);
        Assert.Empty(Diff(proxy));
        proxy.Apply(Make.Without(Cart.Key));
        Assert.Empty(Diff(proxy));
    }

    [Fact]
    public void What_is_wanted_and_not_there_yet_is_all_shown()
    {
        var proxy = new Bench(Make.Slots);
        proxy.Reconciler.Apply(Model);
        var certificate = proxy.Reconciler.Desired.Certificates.Keys.Single();
        Assert.Equal(
            [
                $"Certificate: {certificate}: for a.example / -",
                "Owner: slot-0: web/cart:80@aws / -",
                "Owner: slot-1: web/tea:80@aws / -",
                "Route: a.example/: slot-0||web/shop / -",
                "Route: a.example/x (exact): slot-0||web/shop / -",
                "Route: b.example (default): slot-1||web/shop / -",
                "Server: web/cart:80@aws aws:pod:10.0.0.1:8080: 10.0.0.1:8080 / -",
                "Server: web/cart:80@aws aws:pod:2001:db8::1:8080: [2001:db8::1]:8080 / -",
                "Server: web/tea:80@aws aws:pod:10.0.0.9:8080: 10.0.0.9:8080 / -",
            ],
            Diff(proxy));
    }

    [Fact]
    public void What_hands_have_changed_is_shown_with_both_values()
    {
        var proxy = new Bench(Make.Slots);
        proxy.Apply(Model);
        var servers = proxy.Simulator.Backends["slot-0"].Servers;
        servers["aws:pod:10.0.0.1:8080"] = servers["aws:pod:10.0.0.1:8080"] with { InMaintenance = true };
        servers["aws:pod:2001:db8::1:8080"] = servers["aws:pod:2001:db8::1:8080"] with { Address = "10.6.6.6" };
        servers["mine"] = new SimulatedServer("10.7.7.7", 80, InMaintenance: false, 0);
        proxy.Simulator.AddByHand(MapName.Routes, "evil.example/", "slot-1||x/y");
        proxy.Simulator.AddByHand(MapName.Routes, "bad key", "slot-1||x/y");
        Assert.Equal(
            [
                "Route: entry # of the map Routes, which is not ours: - / slot-1||x/y",
                "Route: evil.example/: - / slot-1||x/y",
                "Server: web/cart:80@aws aws:pod:10.0.0.1:8080: 10.0.0.1:8080 / 10.0.0.1:8080 in maintenance",
                "Server: web/cart:80@aws aws:pod:2001:db8::1:8080: [2001:db8::1]:8080 / 10.6.6.6:8080",
                "Server: web/cart:80@aws mine: - / 10.7.7.7:80",
            ],
            Diff(proxy).Select(static line => System.Text.RegularExpressions.Regex.Replace(line, "entry #0x[0-9a-f]+", "entry #")).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Another_spelling_of_an_address_is_no_difference()
    {
        var proxy = new Bench(Make.Slots);
        proxy.Apply(Model);
        var servers = proxy.Simulator.Backends["slot-0"].Servers;
        servers["aws:pod:2001:db8::1:8080"] = servers["aws:pod:2001:db8::1:8080"] with { Address = "2001:0db8:0:0::1" };
        Assert.Empty(Diff(proxy));
    }

    [Fact]
    public void A_place_that_HAProxy_lacks_is_a_difference_and_so_is_a_backend_without_any()
    {
        var desired = Make.Desired(Make.Slots, slots: 1);
        desired.Apply(Model);
        var lines = DataDiff.Between(desired, new ActualData()).Where(static item => item.Kind == "Backend").Select(Text);
        Assert.Equal(["Backend: web/cart:80@aws: slot-0 / -", "Backend: web/tea:80@aws: a slot / -"], lines.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Servers_and_certificates_that_nobody_wants_are_differences()
    {
        var actual = new ActualData { CertificateTransaction = "/run/multicluster/current/certs/half.pem" };
        actual.SetServer("slot-3", "old", new ActualServer("10.0.0.1", 80, InMaintenance: true));
        actual.AddBackend("slot-4");
        actual.AddBackend(ProgramRenderer.NoRouteBackend);
        actual.ListedCertificates.Add("certs/listed.pem");
        actual.LoadedCertificates.Add("certs/listed.pem");
        actual.LoadedCertificates.Add("certs/loaded.pem");
        Assert.Equal(
            [
                "Certificate: /run/multicluster/current/certs/half.pem: - / a change that nobody committed",
                "Certificate: certs/listed.pem: - / in the list",
                "Certificate: certs/loaded.pem: - / loaded, in no list",
                "Server: slot-3 old: - / 10.0.0.1:80 in maintenance",
            ],
            DataDiff.Between(Make.Desired(Make.Slots), actual).Select(Text));
    }

    private static List<string> Diff(Bench proxy) => [.. DataDiff.Between(proxy.Reconciler.Desired, proxy.Simulator.Observe()).Select(Text)];

    private static string Text(DataDifference difference) => $"{difference.Kind}: {difference.Item}: {difference.Wanted ?? "-"} / {difference.Held ?? "-"}";
}
