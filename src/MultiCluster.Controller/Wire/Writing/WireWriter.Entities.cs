using MultiCluster.Controller.Entities;
using MultiCluster.Controller.Members;
using MultiCluster.Controller.Records;
using MultiCluster.Federation.Ingresses;
using MultiCluster.Model.Routing;
using P = MultiCluster.Controller.Wire.Protos;

namespace MultiCluster.Controller.Wire.Writing;

internal sealed partial class WireWriter
{
    public static P.ConflictsChanged Write(EntityProtocol.ConflictsChanged changed)
    {
        var wire = new P.ConflictsChanged();
        foreach (var conflict in changed.Conflicts)
            wire.Conflicts.Add(Write(conflict));
        return wire;
    }

    public P.IngressState Write(EntityProtocol.IngressState state)
    {
        var wire = new P.IngressState { Key = Write(state.Key), Fragment = state.Fragment is { } fragment ? Write(fragment) : null };
        foreach (var condition in state.Conditions)
            wire.Conditions.Add(Write(condition));
        return wire;
    }

    public static P.MemberSynced Write(MemberProtocol.MemberSynced synced) => new() { Member = synced.Member.Value };

    public static P.MemberStatus Write(MemberProtocol.MemberStatus status)
    {
        var wire = new P.MemberStatus
        {
            Member = status.Member.Value,
            Source = status.Source,
            Complete = status.Complete,
            Ingresses = status.Ingresses,
            Services = status.Services,
            Endpoints = status.Endpoints,
        };
        foreach (var stale in status.Stale)
            wire.Stale.Add(new P.StaleKind { Kind = (P.ResourceKind)((int)stale.Kind + 1), Reason = stale.Reason });
        wire.Problems.AddRange(status.Problems);
        wire.Held.AddRange(status.Held);
        if (status.LastEvent is { } last)
            wire.LastEvent = Ticks(last);
        if (status.Behind is { } behind)
            wire.Behind = Milliseconds(behind);
        if (status.CredentialProblem is { } problem)
            wire.CredentialProblem = problem;
        return wire;
    }

    public P.EntityRecord Write(EntityRecord record) => record switch
    {
        EntityRecord.Ingress ingress => new P.EntityRecord { Ingress = Write(ingress) },
        EntityRecord.Backend backend => new P.EntityRecord { Backend = Write(backend) },
        EntityRecord.Member member => new P.EntityRecord { Member = Write(member) },
        _ => throw new InvalidOperationException($"{record.GetType()} has no form on the wire."),
    };

    private P.IngressRecord Write(EntityRecord.Ingress record)
    {
        var wire = new P.IngressRecord { Key = Write(record.Key), Fragment = record.Fragment is { } fragment ? Write(fragment) : null };
        foreach (var copy in record.Copies)
            wire.Copies.Add(Write(copy));
        foreach (var rank in record.Ranks)
            wire.Ranks.Add(Write(rank));
        return wire;
    }

    private static P.RecordedRank Write(RecordedRank rank)
    {
        var wire = new P.RecordedRank { Member = rank.Member.Value };
        if (rank.Created is { } created)
            wire.Created = Ticks(created);
        return wire;
    }

    private static P.MemberRecord Write(EntityRecord.Member record)
    {
        var wire = new P.MemberRecord
        {
            Name = record.Name.Value,
            Orders = Write(record.Orders),
            Fragment = record.Fragment is { } fragment ? Write(fragment) : null,
        };
        foreach (var word in record.Copies)
            wire.Copies.Add(Write(word));
        return wire;
    }

    private static P.BackendRecord Write(EntityRecord.Backend record)
    {
        var wire = new P.BackendRecord { Key = Write(record.Key), Fragment = record.Fragment is { } fragment ? Write(fragment) : null };
        foreach (var copy in record.Copies)
            wire.Copies.Add(Write(copy));
        foreach (var resolved in record.Resolved)
        {
            var name = new P.ResolvedName { Name = resolved.Name };
            name.Addresses.AddRange(resolved.Addresses);
            wire.Resolved.Add(name);
        }

        return wire;
    }
}
