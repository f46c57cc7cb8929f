using System.Collections.Immutable;
using Microsoft.Extensions.Logging.Abstractions;
using MultiCluster.Actors;
using MultiCluster.Cluster.Sharding;
using MultiCluster.Controller.Members;
using MultiCluster.Controller.Status;
using MultiCluster.Controller.Tests.Support;
using MultiCluster.Model.Collections;
using MultiCluster.Model.Identity;
using MultiCluster.Model.Members;
using MultiCluster.TestKit.Actors;

namespace MultiCluster.Controller.Tests.Status;

public sealed class StatusWriterTests
{
    private static readonly EquatableArray<string> Ours = ["192.0.2.1", "192.0.2.2"];

    private readonly ScriptedSink _aws = new();

    [Fact]
    public async Task An_accepted_ingress_gets_the_addresses()
    {
        await using var test = new DeterministicSystem();
        Start(test).Tell(Changed("shop", held: [], accepted: true, Owned(test, epoch: 1)));
        test.Run();
        Assert.Equal(["web/shop = 192.0.2.1 192.0.2.2"], _aws.Begun);
    }

    [Fact]
    public async Task Nothing_is_written_where_all_is_as_it_should_be()
    {
        await using var test = new DeterministicSystem();
        var writer = Start(test);
        writer.Tell(Changed("shop", held: Ours, accepted: true, Owned(test, epoch: 1)));
        writer.Tell(Changed("foreign", held: [], accepted: false, Owned(test, epoch: 1)));
        test.Run();
        Assert.Empty(_aws.Begun);
    }

    [Fact]
    public async Task What_is_no_longer_accepted_loses_our_addresses_and_only_ours()
    {
        await using var test = new DeterministicSystem();
        var writer = Start(test);
        writer.Tell(Changed("left", held: Ours, accepted: false, Owned(test, epoch: 1)));
        writer.Tell(Changed("foreign", held: ["203.0.113.9"], accepted: false, Owned(test, epoch: 1)));
        test.Run();
        Assert.Equal(["web/left = "], _aws.Begun);
    }

    [Fact]
    public async Task A_member_that_takes_no_status_is_left_alone()
    {
        await using var test = new DeterministicSystem();
        var copy = Make.Copy(Make.Gcp, Make.Ingress("shop", "shop.example", "shop"));
        Start(test).Tell(new StatusProtocol.CopiesChanged(Make.Key("shop"), [copy], [Make.Gcp], Owned(test, epoch: 1)));
        test.Run();
        Assert.Empty(_aws.Begun);
    }

    [Fact]
    public async Task A_failed_write_is_tried_again_after_a_pause_until_it_succeeds()
    {
        await using var test = new DeterministicSystem();
        Start(test).Tell(Changed("shop", held: [], accepted: true, Owned(test, epoch: 1)));
        for (var failures = 1; failures <= 3; failures++)
        {
            test.Run();
            Assert.Equal(failures, _aws.Begun.Count);
            _aws.EndOne(failures == 2 ? new IOException("reset") : null, problem: "403 Forbidden");
            test.Run();
            Assert.Equal(failures, _aws.Begun.Count);
            test.Advance(TimeSpan.FromMinutes(1));
        }

        _aws.EndOne(null, problem: null);
        test.Advance(TimeSpan.FromMinutes(5));
        Assert.Equal(4, _aws.Begun.Count);
    }

    [Fact]
    public async Task At_most_four_writes_are_under_way_and_all_are_done_in_the_end()
    {
        await using var test = new DeterministicSystem();
        var writer = Start(test);
        for (var i = 0; i < 25; i++)
            writer.Tell(Changed($"shop{i}", held: [], accepted: true, Owned(test, epoch: 1)));
        test.Run();
        for (var done = 0; done < 25; done++)
        {
            Assert.Equal(Math.Min(4, 25 - done), _aws.UnderWay);
            _aws.EndOne(null, problem: null);
            test.Run();
        }

        Assert.Equal(25, _aws.Begun.Distinct().Count());
        Assert.Equal(25, _aws.Begun.Count);
    }

    [Fact]
    public async Task News_during_a_write_is_written_after_it()
    {
        await using var test = new DeterministicSystem();
        var writer = Start(test);
        writer.Tell(Changed("shop", held: [], accepted: true, Owned(test, epoch: 1)));
        test.Run();
        writer.Tell(Changed("shop", held: Ours, accepted: false, Owned(test, epoch: 1)));
        test.Run();
        Assert.Single(_aws.Begun);
        _aws.EndOne(null, problem: null);
        test.Run();
        Assert.Equal(["web/shop = 192.0.2.1 192.0.2.2", "web/shop = "], _aws.Begun);
    }

    [Fact]
    public async Task While_the_lease_is_out_nothing_is_written_and_nothing_is_forgotten()
    {
        await using var test = new DeterministicSystem();
        var permit = new WritePermit(new WriteGate(test.Time), 3, 7);
        Start(test).Tell(Changed("shop", held: [], accepted: true, permit));
        test.Advance(TimeSpan.FromMinutes(1));
        Assert.Empty(_aws.Begun);

        permit.Gate.Own([(3, 7)]);
        permit.Gate.OpenUntil(long.MaxValue);
        test.Advance(TimeSpan.FromSeconds(2));
        Assert.Single(_aws.Begun);
    }

    [Fact]
    public async Task A_lease_that_runs_out_before_a_second_try_stops_it()
    {
        await using var test = new DeterministicSystem();
        var permit = Owned(test, epoch: 7);
        Start(test).Tell(Changed("shop", held: [], accepted: true, permit));
        test.Run();
        _aws.EndOne(null, problem: "503 Service Unavailable");
        permit.Gate.Close();
        test.Advance(TimeSpan.FromMinutes(5));
        Assert.Single(_aws.Begun);
    }

    [Fact]
    public async Task What_an_owner_wanted_that_has_stopped_is_dropped_and_not_what_the_next_one_wants()
    {
        await using var test = new DeterministicSystem();
        var writer = Start(test);
        var before = new WritePermit(new WriteGate(test.Time), 3, 7);
        var left = Changed("left", held: [], accepted: true, before);
        var taken = Changed("taken", held: [], accepted: true, before);
        writer.Tell(left);
        writer.Tell(taken);
        writer.Tell(taken with { Permit = before with { Epoch = 8 } });
        writer.Tell(new StatusProtocol.Released(left.Ingress, before));
        writer.Tell(new StatusProtocol.Released(taken.Ingress, before));
        test.Run();
        before.Gate.Own([(3, 7), (3 + 1, 8)]);
        before.Gate.OpenUntil(long.MaxValue);
        test.Advance(TimeSpan.FromSeconds(5));
        Assert.Empty(_aws.Begun);
        before.Gate.Own([(3, 8)]);
        test.Advance(TimeSpan.FromSeconds(5));
        Assert.Equal(["web/taken = 192.0.2.1 192.0.2.2"], _aws.Begun);
    }

    [Fact]
    public async Task An_ingress_that_is_gone_is_not_tried_again()
    {
        await using var test = new DeterministicSystem();
        var writer = Start(test);
        var shop = Changed("shop", held: [], accepted: true, Owned(test, epoch: 7));
        writer.Tell(shop);
        test.Run();
        _aws.EndOne(null, problem: "404 Not Found");
        writer.Tell(shop with { Copies = [] });
        test.Advance(TimeSpan.FromMinutes(5));
        Assert.Single(_aws.Begun);
    }

    private static StatusProtocol.CopiesChanged Changed(string name, EquatableArray<string> held, bool accepted, WritePermit permit)
    {
        var ingress = Make.Ingress(name, "shop.example", "shop") with { StatusAddresses = held };
        return new StatusProtocol.CopiesChanged(ingress.Key, [Make.Copy(Make.Aws, ingress)], accepted ? [Make.Aws] : [], permit);
    }

    private static WritePermit Owned(DeterministicSystem test, long epoch)
    {
        var gate = new WriteGate(test.Time);
        gate.Own([(3, epoch)]);
        gate.OpenUntil(long.MaxValue);
        return new WritePermit(gate, 3, epoch);
    }

    private IActorRef Start(DeterministicSystem test)
    {
        var members = new MemberRegistry([new MemberRegistration(Make.Aws, new ScriptedSource(), static () => [], _aws)]);
        return test.ActorOf(Props.Create(() => new StatusWriter(new StatusSettings(Ours, members, NullLogger.Instance))));
    }

    /// <summary>A member whose answers the test gives.</summary>
    private sealed class ScriptedSink : IStatusSink
    {
        private readonly Queue<TaskCompletionSource<SinkResult>> _open = new();

        public List<string> Begun { get; } = [];

        public int UnderWay => _open.Count;

        public Task<SinkResult> WriteAsync(ObjectKey ingress, IReadOnlyList<string> addresses, CancellationToken cancellationToken)
        {
            Begun.Add($"{ingress} = {string.Join(' ', addresses)}");
            var answer = new TaskCompletionSource<SinkResult>();
            _open.Enqueue(answer);
            return answer.Task;
        }

        public void EndOne(Exception? failure, string? problem)
        {
            if (failure is not null)
                _open.Dequeue().SetException(failure);
            else
                _open.Dequeue().SetResult(problem is null ? SinkResult.Done : new SinkResult(SinkOutcome.Failed, problem));
        }
    }
}
