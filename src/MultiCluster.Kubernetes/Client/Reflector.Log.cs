using Microsoft.Extensions.Logging;

namespace MultiCluster.Kubernetes.Client;

internal sealed partial class Reflector
{
    [LoggerMessage(3001, LogLevel.Information, "Member {Member}: listed {Count} objects of {Scope} at resource version {ResourceVersion}")]
    private partial void LogListed(string member, WatchScope scope, int count, string resourceVersion);

    [LoggerMessage(3002, LogLevel.Warning, "Member {Member}: {Scope} can't be read ({Error}); what is known stays, next try in {Seconds:0.0} s")]
    private partial void LogFailed(string member, WatchScope scope, ApiError error, double seconds);

    [LoggerMessage(3003, LogLevel.Information, "Member {Member}: resource version {ResourceVersion} of {Scope} has expired, listing again")]
    private partial void LogExpired(string member, WatchScope scope, string resourceVersion);

    [LoggerMessage(3005, LogLevel.Warning, "Member {Member}: {Scope} went back to resource version {Version} from {Known} (a restored etcd?), listing again")]
    private partial void LogSetBack(string member, WatchScope scope, string version, string known);

    [LoggerMessage(3006, LogLevel.Warning, "Member {Member}: CRD {Name} is not installed there, looking again every {Seconds:0} s")]
    private partial void LogMissingType(string member, string name, double seconds);

    [LoggerMessage(3004, LogLevel.Warning, "Member {Member}: an object of {Scope} can't be used: {Problem}")]
    private partial void LogUnusable(string member, WatchScope scope, string problem);
}
