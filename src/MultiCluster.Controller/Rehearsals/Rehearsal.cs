using System.Threading.Channels;
using Microsoft.Extensions.Logging.Abstractions;
using MultiCluster.Actors;
using MultiCluster.Cluster;
using MultiCluster.Cluster.Sharding;
using MultiCluster.Controller.Entities;
using MultiCluster.Controller.Members;
using MultiCluster.Controller.Routing;
using MultiCluster.Controller.Storage;
using MultiCluster.Federation.Members;
using MultiCluster.Federation.Tls;
using MultiCluster.Model.Identity;

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
        var replica = new TaskCompletionSource<IActorRef>(TaskCreationOptions.RunContinuationsAsynchronously);
        var routing = new RouteTableSettings([member], Limit, replica.Task, NullLogger.Instance);
        var table = system.ActorOf(Props.Create(() => new RouteTable(routing)), "route-table");
        var shared = new EntityContext(new CertificateCache(), new SystemHostResolver(), NoStore.Instance, table, Status: null);
        var seen = Channel.CreateUnbounded<string>();
        var played = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var members = new MemberRegistry([new MemberRegistration(member, new RehearsedMember(seen.Reader, played), static () => [], Status: null)]);
        var watchers = new MemberWatcherSettings(members, new ClassOptions(), Limit, table, NullLogger.Instance);
        var cluster = ClusterSetup.Alone();
        var node = ClusterNode.Start(system, cluster.Options, new ClusterServices
        {
            Leases = cluster.Leases,
            Transport = cluster.Transport,
            Journal = NoStore.Instance,
            Entities = new EntityFactory(shared, members, (registration, start) => Props.Create(() => new MemberWatcher(registration, watchers, start))),
        });
        replica.SetResult(node.Table);
        system.ActorOf(Props.Create(() => new RehearsedProxy(table, seen.Writer)), "proxy");
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
}
