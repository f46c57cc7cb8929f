namespace MultiCluster.Actors.Tests.Support;

/// <summary>A parent that creates one child, "child", when it starts, and forwards to it all it gets.</summary>
internal static class Supervisor
{
    /// <summary>No back-off, so that a test that is not about it need not advance the clock.</summary>
    public static OneForOneStrategy Always(Directive directive, int maxRestarts = 10) =>
        new(_ => directive, maxRestarts, minBackoff: TimeSpan.Zero, maxBackoff: TimeSpan.Zero);

    public static Props Props(OneForOneStrategy strategy, Props child) => Actors.Props.Create(() => new LambdaActor(
        (self, message) => self.Ctx.Child("child")?.Tell(message, self.Ctx.Sender))
    {
        PreStart = self =>
        {
            self.Ctx.ActorOf(child, "child");
            return default;
        },
    }).WithSupervisor(strategy);
}

internal sealed class Boom(string text = "boom") : Exception(text);
