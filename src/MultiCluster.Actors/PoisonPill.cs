namespace MultiCluster.Actors;

/// <summary>Stops its receiver when its turn comes, that is after everything sent before it.</summary>
public sealed record PoisonPill
{
    public static PoisonPill Instance { get; } = new();

    private PoisonPill()
    {
    }
}
