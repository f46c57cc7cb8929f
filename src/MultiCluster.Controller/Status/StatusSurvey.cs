using System.Collections.Immutable;
using MultiCluster.Controller.Records;
using MultiCluster.Model.Collections;
using MultiCluster.Model.Identity;
using MultiCluster.Model.Members;
using MultiCluster.Model.Routing;
using MultiCluster.Model.Traffic;

namespace MultiCluster.Controller.Status;

/// <summary>What a status is made of beside its owner's verdict, asked of this node's actors now and then.</summary>
public interface IStatusSurvey
{
    Task<SurveyAnswer> AskAsync(SurveyQuestion question, CancellationToken cancellationToken);
}

public sealed record SurveyQuestion(ImmutableArray<ObjectKey> Ingresses, ImmutableArray<ObjectKey> Services);

/// <param name="Rows">What this node's routing table holds of each ingress.</param>
/// <param name="Services">What is published of each Service; one that no member has is absent.</param>
/// <param name="Proxies">Those that get their routes from this node; asked after the routing table.</param>
public sealed record SurveyAnswer(
    ImmutableDictionary<ObjectKey, Fragment.Ingress> Rows,
    ImmutableDictionary<ObjectKey, ServiceFacts> Services,
    ImmutableSortedDictionary<MemberName, MemberTraits> Members,
    ImmutableArray<ProxyFacts> Proxies);

/// <param name="Copies">Of members that have the Service.</param>
/// <param name="Published">Null when nothing of it is.</param>
public sealed record ServiceFacts(EquatableArray<ServiceCopy> Copies, Fragment.Backend? Published)
{
    public static ServiceFacts Of(EntityRecord.Backend record) => new(record.Copies, record.Fragment);
}

/// <summary>How far a proxy is.</summary>
/// <param name="Runs">Its HAProxy does, as far as is known here.</param>
/// <param name="Told">The last change that it has been told.</param>
/// <param name="Applied">The last change up to which HAProxy holds all that it takes.</param>
/// <param name="Refused">What HAProxy or the proxy's agent does not take, as entities or by the names that people see, with the reason.</param>
public sealed record ProxyFacts(string Name, bool Runs, long Told, long Applied, ImmutableArray<KeyValuePair<string, string>> Refused);
