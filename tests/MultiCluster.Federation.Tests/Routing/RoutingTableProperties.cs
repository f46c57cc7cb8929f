using FsCheck;
using FsCheck.Fluent;
using MultiCluster.Federation.Routing;
using MultiCluster.Federation.Tests.Support;
using MultiCluster.Model.Collections;
using MultiCluster.Model.Identity;
using MultiCluster.Model.Policies;
using MultiCluster.Model.Routing;
using MultiCluster.Model.Security;

namespace MultiCluster.Federation.Tests.Routing;

/// <summary>Random rows over few hosts, paths and services, so that claims meet, in random orders and at random times.</summary>
public sealed class RoutingTableProperties
{
    private static readonly DateTimeOffset End = Make.Day(1).AddDays(100);

    private static readonly Gen<EquatableArray<MemberName>> Members = Gen.Elements(
        new EquatableArray<MemberName>([Make.Aws]), new EquatableArray<MemberName>([Make.Gcp]), new EquatableArray<MemberName>([Make.Aws, Make.Gcp]));

    private static readonly Gen<RouteKey> Key =
        from host in Gen.Elements("", "a.example", "*.example")
        from path in Gen.Elements("", "/x")
        from match in Gen.Elements(PathMatch.Prefix, PathMatch.Exact, PathMatch.Default, PathMatch.Regex)
        select new RouteKey(host, match == PathMatch.Default ? "" : path, match);

    private static readonly RouteCondition?[] Conditions =
    [
        null, null, null, RouteCondition.Never, new() { IsCanary = true }, new() { Rules = [new RouteRule(true, [RequestTest.Share(0, 1, 2)])] },
    ];

    private static Gen<RouteClaim> Claim(string ingress) =>
        from key in Key
        from service in Gen.Elements("s1", "s2")
        from members in Members
        from day in Gen.Choose(1, 3)
        from when in Gen.Elements(Conditions)
        from isFurther in Gen.Frequency((3, Gen.Constant(false)), (1, Gen.Constant(true)))
        select new RouteClaim(
            key, new BackendRef(Make.Key(service), PortRef.Numbered(80)), members, new Rank(Make.Day(day), members[0], Make.Key(ingress))) { IsFurtherName = isFurther, When = when };

    private static Gen<TlsClaim> Tls(string ingress) =>
        from host in Gen.Elements("a.example", "*.example")
        from print in Gen.Elements("f1", "f2", "f3")
        from start in Gen.Choose(0, 50)
        from days in Gen.Choose(1, 60)
        from day in Gen.Choose(1, 3)
        let certificate = new Certificate($"{print}-{start}-{days}", Secret.FromText(print), Make.Day(1).AddDays(start), Make.Day(1).AddDays(start + days), [])
        select new TlsClaim(host, certificate, print, new Rank(Make.Day(day), Make.Aws, Make.Key(ingress)));

    private static Gen<(EntityId, Fragment?)> Ingress(string name) =>
        from routes in Claim(name).ListOf()
        from certificates in Tls(name).ListOf()
        from gone in Gen.Frequency((4, Gen.Constant(false)), (1, Gen.Constant(true)))
        select (EntityId.Ingress(Make.Key(name)), gone ? null : (Fragment?)new Fragment.Ingress(
            Make.Key(name),
            routes.DistinctBy(static claim => claim.Key).ToEquatableArray(),
            certificates.DistinctBy(static claim => claim.Host).ToEquatableArray(),
            [Make.Aws],
            []));

    private static Gen<(EntityId, Fragment?)> Backend(string name) =>
        from address in Gen.Elements("10.0.0.1", "10.0.0.2", null)
        select (EntityId.Backend(Make.Key(name)), address is null ? null : (Fragment?)new Fragment.Backend(
            Make.Key(name),
            [new MemberBackend(Make.Aws, [new BackendPort("", 80, "", [new BackendEndpoint(address, 80, "", "", "")])])]));

    /// <summary>Rows in order of their versions.</summary>
    private static readonly Gen<List<FragmentUpdate>> Updates = Gen
        .OneOf(Ingress("i1"), Ingress("i2"), Ingress("i3"), Backend("s1"), Backend("s2")).ListOf()
        .Select(static rows => rows.Select(static (row, i) => new FragmentUpdate(row.Item1, new FragmentVersion(i % 2, i), row.Item2)).ToList());

    private static readonly Gen<(List<FragmentUpdate> Updates, FragmentUpdate[] Shuffled, int[] Days)> Orders =
        from updates in Updates
        from shuffled in Gen.Shuffle(updates.ToArray())
        from days in Gen.Choose(0, 100).ListOf(updates.Count)
        select (updates, shuffled.ToArray(), days.ToArray());

    [Fact]
    public void XT09_any_order_and_time_of_arrival_leads_to_the_same_table() => Prop.ForAll(Orders.ToArbitrary(), static order =>
    {
        var (straight, shuffled) = (new RoutingTable(), new RoutingTable());
        foreach (var update in order.Updates)
            straight.Apply(update, Make.Day(1));
        straight.Reevaluate(End);
        for (var i = 0; i < order.Shuffled.Length; i++)
            shuffled.Apply(order.Shuffled[i], Make.Day(1).AddDays(order.Days[i]));
        shuffled.Reevaluate(End);
        var batch = new RoutingTable();
        batch.Apply(order.Shuffled, End);
        var late = new RoutingTable();
        late.Reevaluate(End);
        for (var i = 0; i < order.Shuffled.Length; i++)
            late.Apply(order.Shuffled[i], Make.Day(1).AddDays(order.Days[i]));

        AssertEqual(straight, shuffled);
        AssertEqual(straight, batch);
        AssertEqual(straight, late);
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void XT09_duplicates_and_latecomers_change_nothing() => Prop.ForAll(Orders.ToArbitrary(), static order =>
    {
        var table = new RoutingTable();
        table.Apply(order.Updates.ToArray(), End);
        var before = table.Snapshot();

        foreach (var update in order.Shuffled)
        {
            var change = table.Apply(update, Make.Day(1));
            Assert.Equal((0, true, 0), (change.Accepted, change.Delta.IsEmpty, change.Conflicts.Length));
        }

        Assert.Equal(before.Version, table.Version);
        Assert.Equal(Text(before), Text(table.Snapshot()));
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void The_deltas_add_up_to_the_snapshot_and_the_notices_to_the_conflicts() => Prop.ForAll(Orders.ToArbitrary(), static order =>
    {
        var table = new RoutingTable();
        var replica = new Replica();
        for (var i = 0; i < order.Shuffled.Length; i++)
        {
            replica.Apply(table.Apply(order.Shuffled[i], Make.Day(1).AddDays(order.Days[i])));
            Assert.Equal(Text(table.Snapshot()), replica.Text());
        }

        while (table.NextCertificateExpiry is { } next)
        {
            replica.Apply(table.Reevaluate(next));
            Assert.Equal(Text(table.Snapshot()), replica.Text());
            Assert.True(table.NextCertificateExpiry is null || table.NextCertificateExpiry > next);
        }

        foreach (var (ingress, conditions) in replica.Conflicts)
            Assert.Equal(conditions, table.Conflicts(ingress));
    }).QuickCheckThrowOnFailure();

    /// <summary>Against the rule as it reads, over all rows at once.</summary>
    [Fact]
    public void The_lowest_rank_wins_a_route_and_a_valid_certificate_of_lowest_rank_its_host() => Prop.ForAll(Orders.ToArbitrary(), static order =>
    {
        var table = new RoutingTable();
        foreach (var update in order.Shuffled)
            table.Apply(update, Make.Day(30));
        var rows = table.Rows.Select(static row => row.Fragment).OfType<Fragment.Ingress>().ToList();
        var snapshot = table.Snapshot();
        var owned = rows.SelectMany(static row => row.Routes).Where(static claim => !claim.IsFurtherName).Select(static claim => claim.Key.Host).ToHashSet(StringComparer.Ordinal);
        bool Yields(RouteClaim claim) => claim.IsFurtherName && owned.Contains(claim.Key.Host);

        Assert.Equal(
            rows.SelectMany(static row => row.Routes).Where(claim => claim.When is null && !Yields(claim)).GroupBy(static claim => claim.Key).OrderBy(static group => group.Key).Select(RouteOf),
            snapshot.Routes.Where(static item => item.Value!.When is null).Select(static item => item.Value! with { Alternatives = [] }));
        Assert.Equal(
            rows.SelectMany(static row => row.Certificates).GroupBy(static claim => claim.Host).OrderBy(static group => group.Key, StringComparer.Ordinal)
                .Select(static group => (group.Key, group.OrderBy(static claim => !claim.Certificate.IsValidAt(Make.Day(30))).ThenBy(static claim => claim.Rank).First().Certificate)),
            snapshot.Certificates.Select(static item => (item.Key, item.Value!)));
        foreach (var row in rows)
        {
            var lost = row.Routes.Any(claim => Yields(claim) || snapshot.Routes.FirstOrDefault(item => item.Key == claim.Key).Value is not { } route || !Serves(route, claim))
                || row.Certificates.Any(claim => snapshot.Certificates.First(item => item.Key == claim.Host).Value!.Fingerprint != claim.Certificate.Fingerprint);
            Assert.Equal(lost, !table.Conflicts(row.Key).IsEmpty);
        }
    }).QuickCheckThrowOnFailure();

    private static bool Serves(Route route, RouteClaim claim) => claim.When is null
        ? route.Backend.Ref == claim.Backend
        : route.Alternatives.Items.Any(taker => taker.When == claim.When && taker.Backend.Ref == claim.Backend);

    private static Route RouteOf(IGrouping<RouteKey, RouteClaim> claims)
    {
        var winner = claims.MinBy(static claim => claim.Rank)!;
        var members = claims.Where(claim => claim.Backend == winner.Backend).SelectMany(static claim => claim.Members).Distinct().Order();
        return new Route(claims.Key, new BackendKey(winner.Backend, members.ToEquatableArray()), winner.Rank.Ingress);
    }

    /// <summary>Consistent in itself: no route without the backend that the table has for it, no backend without a route.</summary>
    [Fact]
    public void A_snapshot_holds_the_backends_of_its_routes_and_no_others() => Prop.ForAll(Orders.ToArbitrary(), static order =>
    {
        var table = new RoutingTable();
        foreach (var update in order.Shuffled)
            table.Apply(update, End);
        var snapshot = table.Snapshot();
        var referred = snapshot.Routes.SelectMany(static item => item.Value!.Alternatives.Append(item.Value)).Select(static route => route.Backend.Ref.Service).Distinct().Order();
        var known = referred.Where(service => table.Row(EntityId.Backend(service))?.Fragment is not null);

        Assert.Equal(known, snapshot.Backends.Select(static item => item.Key));
    }).QuickCheckThrowOnFailure();

    /// <summary>Bytes allocated stand for work done: those of one update are the same in a small table and in a large one.</summary>
    [Fact]
    public void An_update_costs_the_same_in_a_large_table()
    {
        var small = AllocatedByOneUpdate(rows: 10);
        var large = AllocatedByOneUpdate(rows: 20_000);

        Assert.InRange(large, 0, (small * 2) + 4096);
    }

    private static long AllocatedByOneUpdate(int rows)
    {
        var table = new RoutingTable();
        table.Apply([.. Enumerable.Range(0, rows).Select(static i => Row(i, 1, "s1"))], End);
        var (first, second) = (Row(0, 2, "s2"), Row(0, 3, "s1"));
        table.Apply(first, End);
        var before = GC.GetAllocatedBytesForCurrentThread();
        table.Apply(second, End);
        return GC.GetAllocatedBytesForCurrentThread() - before;
    }

    private static FragmentUpdate Row(int i, int version, string service)
    {
        var key = Make.Key($"i{i}");
        var claim = new RouteClaim(
            new RouteKey($"h{i}.example", "", PathMatch.Prefix),
            new BackendRef(Make.Key(service), PortRef.Numbered(80)),
            [Make.Aws],
            new Rank(Make.Day(1), Make.Aws, key));
        return new FragmentUpdate(EntityId.Ingress(key), new FragmentVersion(1, version), new Fragment.Ingress(key, [claim], [], [Make.Aws], []));
    }

    private static void AssertEqual(RoutingTable expected, RoutingTable actual)
    {
        Assert.Equal(Text(expected.Snapshot()), Text(actual.Snapshot()));
        Assert.Equal(expected.NextCertificateExpiry, actual.NextCertificateExpiry);
        foreach (var name in (string[])["i1", "i2", "i3"])
            Assert.Equal(expected.Conflicts(Make.Key(name)), actual.Conflicts(Make.Key(name)));
    }

    private static string Text(RoutingDelta delta) => string.Join('\n', [
        .. delta.Routes.Select(static item => $"{item.Key} = {item.Value}"),
        .. delta.Backends.Select(static item => $"{item.Key} = {item.Value}"),
        .. delta.Certificates.Select(static item => $"{item.Key} = {item.Value?.Fingerprint}")]);

    /// <summary>What a proxy makes of the deltas it gets.</summary>
    private sealed class Replica
    {
        private readonly SortedDictionary<RouteKey, Route> _routes = [];
        private readonly SortedDictionary<ObjectKey, Fragment.Backend> _backends = [];
        private readonly SortedDictionary<string, Certificate> _certificates = new(StringComparer.Ordinal);
        private long _version;

        public Dictionary<ObjectKey, EquatableArray<Model.Conditions.Condition>> Conflicts { get; } = [];

        public void Apply(TableChange change)
        {
            Assert.Equal(change.Delta.IsEmpty ? _version : _version + 1, change.Delta.Version);
            _version = change.Delta.Version;
            Set(_routes, change.Delta.Routes);
            Set(_backends, change.Delta.Backends);
            Set(_certificates, change.Delta.Certificates);
            foreach (var conflict in change.Conflicts)
                Conflicts[conflict.Ingress] = conflict.Conditions;
        }

        public string Text() => RoutingTableProperties.Text(new RoutingDelta(
            _version,
            [.. _routes.Select(static item => KeyValuePair.Create(item.Key, (Route?)item.Value))],
            [.. _backends.Select(static item => KeyValuePair.Create(item.Key, (Fragment.Backend?)item.Value))],
            [.. _certificates.Select(static item => KeyValuePair.Create(item.Key, (Certificate?)item.Value))]));

        private static void Set<TKey, TValue>(SortedDictionary<TKey, TValue> state, IEnumerable<KeyValuePair<TKey, TValue?>> changes)
            where TKey : notnull
            where TValue : class
        {
            foreach (var (key, value) in changes)
            {
                if (value is null)
                    Assert.True(state.Remove(key), $"{key} went without having been there");
                else
                    state[key] = value;
            }
        }
    }
}
