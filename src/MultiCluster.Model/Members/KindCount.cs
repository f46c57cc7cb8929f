using MultiCluster.Model.Resources;

namespace MultiCluster.Model.Members;

/// <summary>How much a member has of a kind.</summary>
/// <param name="Count">Routes of our Ingresses, addresses of EndpointSlices, Secrets of certificates, objects of other kinds.</param>
/// <param name="Oldest">Uid of the object that has been there the longest; empty where there is none, or none is known.</param>
public readonly record struct KindCount(ResourceKind Kind, long Count, string Oldest = "");
