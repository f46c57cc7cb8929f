using System.Collections.Immutable;
using Microsoft.Extensions.Logging.Abstractions;
using MultiCluster.Actors;
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
        Start(test).Tell(Changed("shop", held: [], accepted: true));
        test.Run();
        Assert.Equal(["web/shop = 192.0.2.1 192.0.2.2"], _aws.Begun);
    }

    [Fact]
    public async Task Nothing_is_written_where_all_is_as_it_should_be()
    {
        await using var test = new DeterministicSystem();
        var writer = Start(test);
        writer.Tell(Changed("shop", held: Ours, accepted: true));
        writer.Tell(Changed("foreign", held: [], accepted: false));
        test.Run();
        Assert.Empty(_aws.Begun);
    }

    [Fact]
    public async Task What_is_no_longer_accepted_loses_our_addresses_and_only_ours()
    {
        await using var test = new DeterministicSystem();
        var writer = Start(test);
        writer.Tell(Changed("left", held: Ours, accepted: false));
        writer.Tell(Changed("foreign", held: ["203.0.113.9"], accepted: false));
        test.Run();
        Assert.Equal(["web/left = "], _aws.Begun);
    }

    [Fact]
    public async Task A_member_that_takes_no_status_is_left_alone()
    {
        await using var test = new DeterministicSystem();
        var copy = Make.Copy(Make.Gcp, Make.Ingress("shop", "shop.example", "shop"));
        Start(test).Tell(new StatusProtocol.CopiesChanged(Make.Key("shop"), [copy], [Make.Gcp]));
        test.Run();
        Assert.Empty(_aws.Begun);
    }

    [Fact]
    public async Task A_failed_write_is_tried_again_after_a_pause_until_it_succeeds()
    {
        await using var test = new DeterministicSystem();
        Start(test).Tell(Changed("shop", held: [], accepted: true));
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
            writer.Tell(Changed($"shop{i}", held: [], accepted: true));
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
        writer.Tell(Changed("shop", held: [], accepted: true));
        test.Run();
        writer.Tell(Changed("shop", held: Ours, accepted: false));
        test.Run();
        Assert.Single(_aws.Begun);
        _aws.EndOne(null, problem: null);
        test.Run();
        Assert.Equal(["web/shop = 192.0.2.1 192.0.2.2", "web/shop = "], _aws.Begun);
    }

    private static StatusProtocol.CopiesChanged Changed(string name, EquatableArray<string> held, bool accepted)
    {
        var ingress = Make.Ingress(name, "shop.example", "shop") with { StatusAddresses = held };
        return new StatusProtocol.CopiesChanged(ingress.Key, [Make.Copy(Make.Aws, ingress)], accepted ? [Make.Aws] : []);
    }

    private IActorRef Start(DeterministicSystem test)
    {
        var sinks = ImmutableDictionary<MemberName, IStatusSink>.Empty.Add(Make.Aws, _aws);
        return test.ActorOf(Props.Create(() => new StatusWriter(new StatusSettings(Ours, sinks, NullLogger.Instance))));
    }

    /// <summary>A member whose answers the test gives.</summary>
    private sealed class ScriptedSink : IStatusSink
    {
        private readonly Queue<TaskCompletionSource<string?>> _open = new();

        public List<string> Begun { get; } = [];

        public int UnderWay => _open.Count;

        public Task<string?> WriteAsync(ObjectKey ingress, IReadOnlyList<string> addresses, CancellationToken cancellationToken)
        {
            Begun.Add($"{ingress} = {string.Join(' ', addresses)}");
            var answer = new TaskCompletionSource<string?>();
            _open.Enqueue(answer);
            return answer.Task;
        }

        public void EndOne(Exception? failure, string? problem)
        {
            if (failure is not null)
                _open.Dequeue().SetException(failure);
            else
                _open.Dequeue().SetResult(problem);
        }
    }
}
