using MultiCluster.Actors.Tests.Support;
using MultiCluster.TestKit.Actors;

namespace MultiCluster.Actors.Tests;

/// <summary>What goes wrong on the way to a new instance.</summary>
public sealed class RestartHookTests
{
    [Fact]
    public async Task Faults_in_restart_hooks_are_defined()
    {
        await using var test = new DeterministicSystem();
        var incarnation = 0;
        var child = Props.Create(() => new LambdaActor((self, m) =>
        {
            if (m is "fail")
                throw new Boom();
            self.Ctx.Reply(incarnation);
        })
        {
            PreRestart = (_, _, _) => throw new Boom("old one's last words"),
            PostRestart = (_, cause) => ++incarnation == 1 ? throw new Boom("first try") : default,
        });
        var parent = test.ActorOf(Supervisor.Props(Supervisor.Always(Directive.Restart), child));
        test.Run();
        parent.Tell("fail");
        var answer = parent.AskAsync<int>("who", Deadline.Generous);
        test.Run();
        Assert.Equal(2, await answer);
        Assert.Equal(2, Find(test, "child").Restarts);
    }

    [Fact]
    public async Task The_old_instance_learns_cause_and_message_of_its_failure()
    {
        await using var test = new DeterministicSystem();
        (Exception Cause, object? Message)? seen = null;
        var child = Props.Create(() => new LambdaActor((_, _) => throw new Boom())
        {
            PreRestart = (_, cause, message) =>
            {
                seen = (cause, message);
                return default;
            },
        });
        var parent = test.ActorOf(Supervisor.Props(Supervisor.Always(Directive.Restart), child));
        test.Run();
        parent.Tell("this one");
        test.Run();
        Assert.IsType<Boom>(seen?.Cause);
        Assert.Equal("this one", seen?.Message);
    }

    [Fact]
    public async Task A_factory_that_fails_or_returns_a_used_instance_is_a_failure_to_start()
    {
        await using var test = new DeterministicSystem(configure: o => o with { GuardianStrategy = Supervisor.Always(Directive.Stop) });
        test.ActorOf(Props.Create<LambdaActor>(() => throw new Boom()), "throws");
        var shared = new LambdaActor((_, _) => { });
        test.ActorOf(Props.Create(() => shared), "first");
        test.Run();
        test.ActorOf(Props.Create(() => shared), "second");
        test.Run();
        Assert.Equal("Boom: boom", Find(test, "throws").Fault);
        Assert.Equal(ActorState.Running, Find(test, "first").State);
        Assert.Contains("already is an actor", Find(test, "second").Fault, StringComparison.Ordinal);
    }

    private static ActorNode Find(DeterministicSystem test, string name) =>
        test.System.Hierarchy().Flatten().Single(n => n.Path.Name == name);
}
