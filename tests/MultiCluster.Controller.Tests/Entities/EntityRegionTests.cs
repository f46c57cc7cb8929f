using MultiCluster.Actors;
using MultiCluster.Controller.Entities;
using MultiCluster.Controller.Members;
using MultiCluster.Controller.Tests.Support;
using MultiCluster.Model.Routing;
using MultiCluster.TestKit.Actors;

namespace MultiCluster.Controller.Tests.Entities;

public sealed class EntityRegionTests
{
    private static readonly EntityId Shop = EntityId.Ingress(Make.Key("shop"));
    private static readonly EntityId Cart = EntityId.Ingress(Make.Key("cart"));

    [Fact]
    public async Task An_entity_starts_with_its_first_message_and_only_once()
    {
        await using var test = new DeterministicSystem();
        var (region, probe) = Start(test);
        region.Tell(new EntityProtocol.ToEntity(Shop, 1), probe.Ref);
        region.Tell(new EntityProtocol.ToEntity(Shop, 2));
        region.Tell(new EntityProtocol.ToEntity(Cart, 3));
        test.Run();

        var got = await TakeAsync(probe, 3);
        Assert.Equal([(Shop, 1, 1), (Shop, 1, 2)], got.Where(static item => item.Entity == Shop).Select(static item => (item.Entity, item.Life, item.Number)));
        Assert.Contains(got, static item => item.Entity == Cart);
    }

    [Fact]
    public async Task The_entity_sees_who_sent_the_message()
    {
        await using var test = new DeterministicSystem();
        var (region, probe) = Start(test);
        var sender = test.Probe("sender");
        region.Tell(new EntityProtocol.ToEntity(Shop, "who"), sender.Ref);
        test.Run();
        await sender.ExpectAsync("you");
        probe.ExpectNothing();
    }

    [Fact]
    public async Task A_message_for_a_running_entity_starts_none_and_the_sender_learns_it()
    {
        await using var test = new DeterministicSystem();
        var (region, probe) = Start(test);
        region.Tell(new EntityProtocol.ToRunning(Shop, 1), probe.Ref);
        test.Run();
        await probe.ExpectAsync(new EntityProtocol.NoSuchEntity(Shop));
        Assert.Empty(await EntitiesAsync(test, region));

        region.Tell(new EntityProtocol.ToEntity(Shop, 2), probe.Ref);
        region.Tell(new EntityProtocol.ToRunning(Shop, 3), probe.Ref);
        test.Run();
        Assert.Equal([2, 3], (await TakeAsync(probe, 2)).Select(static item => item.Number));
        Assert.Equal([Shop], await EntitiesAsync(test, region));
    }

    [Fact]
    public async Task Messages_around_the_end_of_an_entity_arrive_exactly_once_and_in_order()
    {
        var successions = 0;
        for (var seed = 1; seed <= 50; seed++)
        {
            await using var test = new DeterministicSystem(seed);
            var (region, probe) = Start(test);
            var echo = test.ActorOf(Props.Create(() => new Echo()));
            var sender = test.ActorOf(Props.Create(() => new Talker(region, echo)));
            sender.Tell(new object());
            test.Run();

            var got = await TakeAsync(probe, Talker.Count);
            Assert.Equal(Enumerable.Range(1, Talker.Count), got.Select(static item => item.Number));
            Assert.Equal(got.Select(static item => item.Life).Order(), got.Select(static item => item.Life));
            successions += got[^1].Life - 1;
            probe.ExpectNothing();
        }

        Assert.True(successions > 0, "no seed led to a successor, so nothing was tested");
    }

    [Fact]
    public async Task An_entity_with_nothing_to_own_is_gone_after_it_said_so()
    {
        await using var test = new DeterministicSystem();
        var (region, _) = Start(test);
        region.Tell(new EntityProtocol.ToEntity(Shop, "leave"));
        test.Run();
        Assert.Empty(await EntitiesAsync(test, region));
    }

    [Fact]
    public async Task A_message_for_a_running_entity_does_not_bring_back_one_that_was_ending()
    {
        await using var test = new DeterministicSystem();
        var (region, probe) = Start(test);
        region.Tell(new EntityProtocol.ToEntity(Shop, "leave later"), probe.Ref);
        test.Run();
        var asked = await probe.ExpectAsync<EntityProtocol.MayStop>();
        var entity = probe.LastSender!;
        Assert.NotNull(asked);
        region.Tell(new EntityProtocol.ToRunning(Shop, 1), probe.Ref);
        test.Run();
        probe.ExpectNothing();

        entity.Tell(PoisonPill.Instance);
        test.Run();
        await probe.ExpectAsync(new EntityProtocol.NoSuchEntity(Shop));
        Assert.Empty(await EntitiesAsync(test, region));
    }

    [Fact]
    public async Task A_recovering_entity_learns_its_members_and_every_watcher_is_asked()
    {
        await using var test = new DeterministicSystem();
        var (region, entity) = Start(test);
        var aws = test.Probe("aws");
        var gcp = test.Probe("gcp");
        region.Tell(new EntityProtocol.RegisterWatcher(Make.Aws), aws.Ref);
        region.Tell(new EntityProtocol.RegisterWatcher(Make.Gcp), gcp.Ref);
        region.Tell(new EntityProtocol.RegisterWatcher(Make.Gcp), gcp.Ref);
        region.Tell(new EntityProtocol.Recover(Shop), entity.Ref);
        test.Run();

        var from = await entity.ExpectAsync<EntityProtocol.RecoverFrom>();
        Assert.Equal([Make.Aws, Make.Gcp], from.Members.Order());
        await aws.ExpectAsync(new MemberProtocol.Resend(Shop));
        await gcp.ExpectAsync(new MemberProtocol.Resend(Shop));
        gcp.ExpectNothing();
    }

    private static (IActorRef Region, TestProbe Probe) Start(DeterministicSystem test)
    {
        var probe = test.Probe("probe");
        var lives = new Dictionary<EntityId, int>();
        var region = test.ActorOf(Props.Create(() => new EntityRegion(id => Props.Create(() => new Entity(id, lives, probe.Ref)))), "region");
        return (region, probe);
    }

    private static async Task<List<Got>> TakeAsync(TestProbe probe, int count)
    {
        var got = new List<Got>();
        while (got.Count < count)
            got.Add(await probe.ExpectAsync<Got>());
        return got;
    }

    private static async Task<IEnumerable<EntityId>> EntitiesAsync(DeterministicSystem test, IActorRef region)
    {
        var answer = region.AskAsync<EntityProtocol.Entities>(new EntityProtocol.GetEntities(), TimeSpan.FromSeconds(5));
        test.Run();
        return (await answer).Ids;
    }

    private sealed record Got(EntityId Entity, int Life, int Number);

    /// <summary>
    /// Says its numbers, every fifth followed by a request to leave. An echo lets it go on, so that more or less of the others'
    /// work, as the seed has it, is done before the next numbers.
    /// </summary>
    private sealed class Talker(IActorRef region, IActorRef echo) : Actor
    {
        public const int Count = 40;

        private int _said;

        protected override ValueTask ReceiveAsync(object message)
        {
            for (var i = 0; i < 3 && _said < Count; i++)
            {
                region.Tell(new EntityProtocol.ToEntity(Shop, ++_said), Self);
                if (_said % 5 != 0)
                    continue;
                region.Tell(new EntityProtocol.ToEntity(Shop, "leave"), Self);
                break;
            }

            if (_said < Count)
                echo.Tell(message, Self);
            return default;
        }
    }

    private sealed class Echo : Actor
    {
        protected override ValueTask ReceiveAsync(object message)
        {
            Sender!.Tell(message, Self);
            return default;
        }
    }

    /// <summary>Owns something from each number to the next "leave".</summary>
    private sealed class Entity(EntityId id, Dictionary<EntityId, int> lives, IActorRef probe) : Actor
    {
        private int _life;
        private bool _owns;
        private bool _hesitates;

        protected override ValueTask PreStartAsync()
        {
            _life = lives[id] = lives.GetValueOrDefault(id) + 1;
            return default;
        }

        protected override ValueTask ReceiveAsync(object message)
        {
            switch (message)
            {
                case int number:
                    _owns = true;
                    probe.Tell(new Got(id, _life, number));
                    break;
                case "who":
                    Context.Reply("you");
                    break;
                case "leave" or "leave later":
                    _owns = false;
                    _hesitates = message is "leave later";
                    Context.Parent!.Tell(new EntityProtocol.Passivate(id), Self);
                    break;
                case EntityProtocol.MayStop when _hesitates:
                    probe.Tell(message, Self);
                    break;
                case EntityProtocol.MayStop when _owns:
                    Context.Parent!.Tell(new EntityProtocol.Stay(id), Self);
                    break;
                case EntityProtocol.MayStop:
                    Context.Stop(Self);
                    break;
            }

            return default;
        }
    }
}
