using System.Collections.Immutable;
using Microsoft.Extensions.Logging;
using MultiCluster.Actors;
using MultiCluster.Cluster;
using MultiCluster.Cluster.Sharding;
using MultiCluster.Controller.Entities;
using MultiCluster.Controller.Records;
using MultiCluster.Controller.Routing;
using MultiCluster.Model.Identity;
using MultiCluster.Model.Routing;

namespace MultiCluster.Controller.Members;

/// <param name="Grace">How long a member whose registration was deleted drains before all it had goes.</param>
public sealed record MemberDirectorySettings(
    MemberRegistry Registry, ImmutableArray<IMemberFeed> Feeds, Task<ClusterNode> Node, IActorRef Table, TimeSpan Grace, ILogger Logger);

/// <summary>
/// Keeps this node's list of members: what feeds tell is registered, and what an operator or an observed deletion took out anywhere in
/// the cluster is heard from the replicated table.
/// </summary>
public sealed partial class MemberDirectory(MemberDirectorySettings settings) : Actor
{
    private readonly Dictionary<int, IReadOnlyList<string>> _troubles = [];
    private readonly HashSet<int> _synced = [];
    private ClusterNode? _node;

    protected override ValueTask PreStartAsync()
    {
        Context.PipeToSelf(settings.Node, static node => new Started(node), static failure => throw failure);
        return default;
    }

    protected override ValueTask ReceiveAsync(object message)
    {
        switch (message)
        {
            case Started started:
                Start(started.Node);
                break;
            case EntityProtocol.MembersChanged changed:
                if (settings.Registry.Take(changed.Members))
                    _node!.SourcesChanged();
                break;
            case Told told:
                OnNews(told.Feed, told.News);
                break;
            case FeedEnded ended:
                throw new InvalidOperationException("a feed of members ended by itself", ended.Failure);
            case MemberProtocol.GetTroubles:
                Context.Reply(new MemberProtocol.Troubles([.. _troubles.OrderBy(static item => item.Key).SelectMany(static item => item.Value)]));
                break;
            default:
                Unhandled(message);
                break;
        }

        return default;
    }

    private void Start(ClusterNode node)
    {
        _node = node;
        settings.Table.Tell(new RouteTableProtocol.WatchMembers(), Self);
        for (var i = 0; i < settings.Feeds.Length; i++)
        {
            var (feed, number) = (settings.Feeds[i], i);
            LogReading(settings.Logger, feed.Description);
            Context.PipeToSelf(
                feed.RunAsync(news => Self.Tell(new Told(number, news)), Context.Stopping), static () => new FeedEnded(null), static failure => new FeedEnded(failure));
        }
    }

    private void OnNews(int feed, MemberNews news)
    {
        switch (news)
        {
            case MemberNews.Found(var member):
                Register(member);
                break;
            case MemberNews.Gone(var name, var origin):
                LogGone(settings.Logger, name, settings.Grace.TotalSeconds);
                _node!.Region.Tell(new ShardingProtocol.ToEntity(EntityKeys.Of(EntityId.Member(name)), new MemberProtocol.Remove(origin, settings.Grace)), Self);
                break;
            case MemberNews.Lost(var name, var reason):
                LogLost(settings.Logger, name, reason);
                var lost = settings.Registry.Find(name);
                if (settings.Registry.Unset(name))
                    _node!.SourcesChanged();
                (lost?.Source as IDisposable)?.Dispose();
                break;
            case MemberNews.Synced:
                if (_synced.Add(feed) && _synced.Count == settings.Feeds.Length)
                    settings.Table.Tell(new MemberProtocol.MembersFound([.. settings.Registry.Members.Keys]), Self);
                break;
            case MemberNews.Troubles(var problems):
                _troubles[feed] = problems;
                foreach (var problem in problems)
                    LogTrouble(settings.Logger, problem);
                break;
        }
    }

    private void Register(MemberRegistration member)
    {
        var before = settings.Registry.Find(member.Name);
        settings.Registry.Set(member);
        if (before is not null && before.Source != member.Source)
            (before.Source as IDisposable)?.Dispose();
        LogRegistered(settings.Logger, member.Name, member.Source.Description);
        _node!.SourcesChanged();
        // Also to one that was lost a moment ago: its watcher may not have heard of that, and would go on with what it had.
        _node.Region.Tell(new ShardingProtocol.ToRunning(MemberKeys.Of(member.Name), MemberProtocol.RegistrationChanged.Instance), Self);
    }

    private sealed record Started(ClusterNode Node);

    private sealed record Told(int Feed, MemberNews News);

    private sealed record FeedEnded(Exception? Failure);

    [LoggerMessage(1011, LogLevel.Information, "Members are read from {Source}")]
    private static partial void LogReading(ILogger logger, string source);

    [LoggerMessage(1012, LogLevel.Information, "Member {Member}: registered, to be read from {Source}")]
    private static partial void LogRegistered(ILogger logger, MemberName member, string source);

    [LoggerMessage(1013, LogLevel.Warning, "Member {Member}: its registration was deleted; it drains for {Seconds} s, then all it had goes")]
    private static partial void LogGone(ILogger logger, MemberName member, double seconds);

    [LoggerMessage(1014, LogLevel.Warning, "Member {Member}: can't be read from here any more, what it had stays: {Reason}")]
    private static partial void LogLost(ILogger logger, MemberName member, string reason);

    [LoggerMessage(1015, LogLevel.Warning, "A member can't be used: {Problem}")]
    private static partial void LogTrouble(ILogger logger, string problem);
}
