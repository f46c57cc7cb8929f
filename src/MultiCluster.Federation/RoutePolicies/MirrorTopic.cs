using MultiCluster.Federation.Annotations;
using MultiCluster.Federation.Text;
using MultiCluster.Model.Policies;

namespace MultiCluster.Federation.RoutePolicies;

/// <summary>Where requests are sent besides. What can't be read sends none.</summary>
internal static class MirrorTopic
{
    private const string Key = "mirror-target";
    private const string HostKey = "mirror-host";
    private const int MaxLength = 2048;

    public static RoutePolicy? Nginx(FamilyAnnotations annotations, RoutePolicyContext context, RoutePolicy policy)
    {
        var (written, host, body) = (annotations.Text(Key), annotations.Text(HostKey), annotations.Text("mirror-request-body"));
        if (written is null)
            return null;
        if (host is not null && !ValueChecks.IsHostAndPort(host))
        {
            annotations.Refuse(HostKey, $"is {Shown.Quoted(host)}, so that it is the target's own; write a host");
            host = null;
        }

        return policy with { Mirror = TargetOf(annotations, written) is { } target ? new Mirror(target, host, body != "off") : null };
    }

    private static string? TargetOf(FamilyAnnotations annotations, string written)
    {
        if (RequestVariables.Fill(written) is not { Length: <= MaxLength } target || AuthorityOf(target) is not { } authority)
            annotations.Refuse(Key, $"is {Shown.Quoted(written)}; write http(s)://host[:port] and a path, in which no variables stand but {RequestVariables.Names}");
        else if (authority.UserInfo.Length > 0 || !ExternalAuthTopic.IsReachable(authority))
            annotations.Refuse(Key, $"is {Shown.Quoted(written)}, of the proxy's own machine or network, or with a password; name a service");
        else
            // As nginx does without a path.
            return target.Length == authority.OriginalString.Length ? target + "{uri}" : target;
        return null;
    }

    /// <summary>Scheme, host and port; null where they are not said, or it depends on the request who is asked.</summary>
    private static Uri? AuthorityOf(string target)
    {
        var start = target.IndexOf("://", StringComparison.Ordinal) + 3;
        if (start < 3 || target[..start] is not ("http://" or "https://"))
            return null;
        var end = target.AsSpan(start).IndexOfAny('/', '?', '{') is >= 0 and var at ? start + at : target.Length;
        var rest = target[end..];
        return (rest.Length == 0 || rest[0] == '/' || rest.StartsWith("{uri}", StringComparison.Ordinal) || rest.StartsWith("{path}", StringComparison.Ordinal))
            && ValueChecks.IsUrl(target[..end] + RequestVariables.Sample(rest.StartsWith('{') ? $"/{rest}" : rest)) && Uri.TryCreate(target[..end], UriKind.Absolute, out var url)
            ? url
            : null;
    }
}
