using Microsoft.Extensions.Logging;
using MultiCluster.Model.Identity;
using MultiCluster.Model.Resources;

namespace MultiCluster.Controller.Members;

public sealed partial class MemberWatcher
{
    [LoggerMessage(1001, LogLevel.Information, "Member {Member}: reading {Source}")]
    private static partial void LogWatching(ILogger logger, MemberName member, string source);

    [LoggerMessage(1002, LogLevel.Information, "Member {Member}: read whole, {Ingresses} ingresses and {Services} services")]
    private static partial void LogSynced(ILogger logger, MemberName member, int ingresses, int services);

    [LoggerMessage(1003, LogLevel.Warning, "Member {Member}: {Kind} can't be read, what is known stays: {Reason}")]
    private static partial void LogDisconnected(ILogger logger, MemberName member, ResourceKind kind, string reason);

    [LoggerMessage(1004, LogLevel.Warning, "Member {Member}: could not be read whole in {Seconds} s; going on with what is known of it")]
    private static partial void LogGaveUp(ILogger logger, MemberName member, double seconds);

    [LoggerMessage(1005, LogLevel.Warning, "Member {Member} is {State} now: {Reason}")]
    private static partial void LogStaleness(ILogger logger, MemberName member, string state, string reason);

    [LoggerMessage(1006, LogLevel.Warning, "Member {Member}: an operator approved what was held back: {Released}")]
    private static partial void LogApproved(ILogger logger, MemberName member, string released);

    [LoggerMessage(1007, LogLevel.Warning, "Member {Member}: its first lists lack too much, what was there before stays until it is listed again or \"mcctl member approve {Member}\" lets it go: {Held}")]
    private static partial void LogDoubt(ILogger logger, MemberName member, string held);

    [LoggerMessage(1010, LogLevel.Warning, "Member {Member}: {Problem}")]
    private static partial void LogSetting(ILogger logger, MemberName member, string problem);

    [LoggerMessage(1009, LogLevel.Error, "Member {Member}: its source ended by itself; it is read anew in a moment")]
    private static partial void LogSourceEnded(ILogger logger, Exception? failure, MemberName member);

    [LoggerMessage(1008, LogLevel.Warning, "Member {Member}: has been read whole, but nobody answers what was known of it before; what was there stays until somebody does")]
    private static partial void LogForgotten(ILogger logger, MemberName member);
}
