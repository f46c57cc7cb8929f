using MultiCluster.Model.Identity;

namespace MultiCluster.Controller.Members;

/// <summary>Tells which members there are while the program runs, such as from objects in the home cluster.</summary>
public interface IMemberFeed
{
    /// <summary>For people.</summary>
    string Description { get; }

    /// <summary>Runs until cancelled; a failure of what it reads is a problem to tell, and nothing else.</summary>
    Task RunAsync(Action<MemberNews> tell, CancellationToken cancellationToken);
}

/// <summary>What a feed tells.</summary>
public abstract record MemberNews
{
    private MemberNews()
    {
    }

    /// <summary>A member, new or in another state than before.</summary>
    public sealed record Found(MemberRegistration Member) : MemberNews;

    /// <summary>What registered it has been seen to be deleted: it goes, with all it had.</summary>
    public sealed record Gone(MemberName Name, string Origin) : MemberNews;

    /// <summary>It can't be read any more from here, and nobody has taken it out: what it had stays.</summary>
    public sealed record Lost(MemberName Name, string Reason) : MemberNews;

    /// <summary>All that there is has been told once.</summary>
    public sealed record Synced : MemberNews
    {
        public static readonly Synced Instance = new();
    }

    /// <summary>What can't be used, all of it each time; for people.</summary>
    public sealed record Troubles(IReadOnlyList<string> Problems) : MemberNews;
}
