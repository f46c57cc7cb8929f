namespace MultiCluster.Actors;

/// <summary>What cells tell each other; handled before user messages, also while suspended.</summary>
internal abstract record SystemMessage
{
    /// <summary>First message of each cell.</summary>
    public sealed record Start : SystemMessage
    {
        public static readonly Start Instance = new();
    }

    /// <summary>The parent's subtree waits for a verdict.</summary>
    public sealed record Suspend : SystemMessage
    {
        public static readonly Suspend Instance = new();
    }

    public sealed record Resume : SystemMessage
    {
        public static readonly Resume Instance = new();
    }

    /// <summary>To the parent.</summary>
    /// <param name="Started">False if the incarnation failed before it could take messages, so that there is nothing to resume.</param>
    public sealed record Failed(ActorCell Child, Exception Cause, int Incarnation, bool Started) : SystemMessage;

    /// <summary>To a failed child; void if that incarnation is gone.</summary>
    public sealed record ResumeFailed(int Incarnation) : SystemMessage;

    /// <summary>To a failed child; void if that incarnation is gone.</summary>
    public sealed record Restart(int Incarnation, TimeSpan Backoff) : SystemMessage;

    public sealed record BackoffElapsed(int Incarnation) : SystemMessage;

    /// <param name="Cause">Set when supervision stops it.</param>
    public sealed record Stop(Exception? Cause) : SystemMessage;

    public sealed record ChildTerminated : SystemMessage
    {
        public static readonly ChildTerminated Instance = new();
    }

    public sealed record Watch(WatchHandle Handle) : SystemMessage;

    public sealed record Unwatch(WatchHandle Handle) : SystemMessage;
}
