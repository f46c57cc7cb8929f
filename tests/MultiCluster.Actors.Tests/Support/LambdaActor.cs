namespace MultiCluster.Actors.Tests.Support;

/// <summary>An actor written in the test that needs it.</summary>
internal sealed class LambdaActor(Func<LambdaActor, object, ValueTask> receive) : Actor
{
    public LambdaActor(Action<LambdaActor, object> receive)
        : this((self, message) =>
        {
            receive(self, message);
            return default;
        })
    {
    }

    public ActorContext Ctx => Context;

    public Func<LambdaActor, ValueTask>? PreStart { get; init; }

    public Func<LambdaActor, ValueTask>? PostStop { get; init; }

    public Func<LambdaActor, Exception, object?, ValueTask>? PreRestart { get; init; }

    public Func<LambdaActor, Exception, ValueTask>? PostRestart { get; init; }

    public Func<LambdaActor, ValueTask>? AfterBatch { get; init; }

    public static Props Props(Action<LambdaActor, object> receive) => Actors.Props.Create(() => new LambdaActor(receive));

    public static Props Props(Func<LambdaActor, object, ValueTask> receive) => Actors.Props.Create(() => new LambdaActor(receive));

    /// <summary>Does nothing at all.</summary>
    public static Props Idle() => Props((_, _) => { });

    public void Drop(object message) => Unhandled(message);

    protected override ValueTask ReceiveAsync(object message) => receive(this, message);

    protected override ValueTask PreStartAsync() => PreStart?.Invoke(this) ?? default;

    protected override ValueTask PostStopAsync() => PostStop?.Invoke(this) ?? default;

    protected override ValueTask PreRestartAsync(Exception cause, object? message) =>
        PreRestart?.Invoke(this, cause, message) ?? base.PreRestartAsync(cause, message);

    protected override ValueTask PostRestartAsync(Exception cause) => PostRestart?.Invoke(this, cause) ?? base.PostRestartAsync(cause);

    protected override ValueTask AfterBatchAsync() => AfterBatch?.Invoke(this) ?? default;
}
