using System.Threading.Channels;
using Microsoft.Extensions.Logging.Abstractions;
using MultiCluster.Actors;
using MultiCluster.Controller.Entities;
using MultiCluster.Controller.Members;
using MultiCluster.Controller.Routing;
using MultiCluster.Federation.Members;
using MultiCluster.Federation.Tls;
using MultiCluster.Model.Identity;
using MultiCluster.Model.Routing;

namespace MultiCluster.Controller.Rehearsals;

/// <summary>
/// Plays a few changes of one made-up Ingress through actors of their own, from the bytes of a watch to the commands for a
/// HAProxy that isn't there. The first change of a process would otherwise take some 200 ms, nearly all of it compilation;
/// compiling ahead of time helps little, since collections over our own value types are compiled at run time in any case.
/// </summary>
public static class Rehearsal
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(5);

    /// <returns>False when it did not end in time: a slow first change is all that follows.</returns>
    public static async Task<bool> PlayAsync(TimeProvider time)
    {
        await using var system = new ActorSystem("rehearsal", new ActorSystemOptions { TimeProvider = time });
        var member = new MemberName("rehearsal");
        var table = system.ActorOf(Props.Create(() => new RouteTable(new RouteTableSettings([member], Limit, NullLogger.Instance))), "route-table");
        var shared = new EntityContext(new FragmentClock(time), new CertificateCache(), new SystemHostResolver(), table, Status: null);
        var region = system.ActorOf(Props.Create(() => new EntityRegion(entity => Entity(entity, shared))), "entities");
        table.Tell(new RouteTable.AttachRegion(region));
        var seen = Channel.CreateUnbounded<string>();
        var played = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        system.ActorOf(Props.Create(() => new RehearsedProxy(table, seen.Writer)), "proxy");
        var settings = new MemberWatcherSettings(
            member, new RehearsedMember(seen.Reader, played), new ClassOptions(), static () => [], region, table, NullLogger.Instance);
        system.ActorOf(Props.Create(() => new MemberWatcher(settings)), "member");
        try
        {
            await played.Task.WaitAsync(Limit, time);
            return true;
        }
        catch (TimeoutException)
        {
            return false;
        }
    }

    private static Props Entity(EntityId entity, EntityContext shared) => entity.Kind == EntityKind.Ingress
        ? Props.Create(() => new IngressEntity(entity.Key, shared))
        : Props.Create(() => new BackendEntity(entity.Key, shared));
}
