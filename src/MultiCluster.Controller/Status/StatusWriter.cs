using Microsoft.Extensions.Logging;
using MultiCluster.Cluster.Sharding;
using MultiCluster.Controller.Members;
using MultiCluster.Model.Collections;
using MultiCluster.Model.Identity;
using MultiCluster.Model.Members;

namespace MultiCluster.Controller.Status;

/// <param name="Addresses">Of the proxies; IP addresses or host names.</param>
/// <param name="Members">Of which some take status; a manifest folder doesn't.</param>
public sealed record StatusSettings(EquatableArray<string> Addresses, MemberRegistry Members, ILogger Logger);

/// <summary>The object of that name in that member.</summary>
public readonly record struct StatusTarget(MemberName Member, ObjectKey Ingress);

/// <summary>What an Ingress' status should name.</summary>
public sealed record StatusAddresses(EquatableArray<string> Addresses);

/// <summary>
/// Writes the proxies' addresses to accepted Ingresses, and takes ours (and only ours) off those that no longer are. Never
/// on the way of a route. Only the owner of an ingress writes: what an owner whose lease is out wants to write waits until it is renewed,
/// or another owner is there.
/// </summary>
public sealed partial class StatusWriter(StatusSettings settings)
    : PacedWriter<StatusTarget, StatusAddresses>(Pace, settings.Members.Writes, "status of Ingresses", static target => target.Member)
{
    /// <summary>A cluster that is taken in may have thousands of Ingresses; a single one changes seldom.</summary>
    private static readonly WritePace Pace = new(AfterWrite: TimeSpan.Zero, PerSecond: 100, PerMember: 4) { AfterRefusal = TimeSpan.FromSeconds(10) };

    protected override void Handle(object message)
    {
        switch (message)
        {
            case StatusProtocol.CopiesChanged changed:
                Consider(changed);
                break;
            case StatusProtocol.Released released:
                foreach (var member in Takers())
                    Drop(new StatusTarget(member, released.Ingress), released.Permit);
                break;
            default:
                Unhandled(message);
                break;
        }
    }

    protected override MemberName TakerOf(StatusTarget key) => key.Member;

    protected override Task<SinkResult> WriteAsync(StatusTarget key, StatusAddresses what) =>
        settings.Members.Find(key.Member)?.Status?.WriteAsync(key.Ingress, what.Addresses, Context.Stopping) ?? NoTaker;

    protected override void OnWritten(StatusTarget key, StatusAddresses what, bool isDone)
    {
        if (isDone)
            LogWritten(settings.Logger, key.Ingress, key.Member, what.Addresses.Count);
    }

    protected override void LogFailed(StatusTarget key, MemberName member, string problem) => LogFailed(settings.Logger, key.Ingress, member, problem);

    private void Consider(StatusProtocol.CopiesChanged changed)
    {
        foreach (var member in Takers())
        {
            var target = new StatusTarget(member, changed.Ingress);
            var copy = changed.Copies.FirstOrDefault(copy => copy.Member == member);
            if (copy is not null && Wanted(changed, copy) is var wanted && wanted != copy.Ingress.StatusAddresses)
                Want(target, new StatusAddresses(wanted), changed.Permit);
            else
                Drop(target);
        }
    }

    private IEnumerable<MemberName> Takers() => settings.Members.Members.Values.Where(static member => member.Status is not null).Select(static member => member.Name);

    private EquatableArray<string> Wanted(StatusProtocol.CopiesChanged changed, IngressCopy copy)
    {
        var held = copy.Ingress.StatusAddresses;
        if (changed.Accepted.Items.Contains(copy.Member))
            return settings.Addresses;
        return held == settings.Addresses ? [] : held;
    }

    [LoggerMessage(1341, LogLevel.Information, "Ingress {Ingress} in {Member}: wrote {Count} addresses to its status")]
    private static partial void LogWritten(ILogger logger, ObjectKey ingress, MemberName member, int count);

    [LoggerMessage(1342, LogLevel.Warning, "Ingress {Ingress} in {Member}: its status could not be written, tried again (others as well are said once): {Problem}")]
    private static partial void LogFailed(ILogger logger, ObjectKey ingress, MemberName member, string problem);
}
