using MultiCluster.Kubernetes.Client;
using MultiCluster.Persistence.Leases;

namespace MultiCluster.Controller.Leases;

/// <summary>Words for what the API server refuses.</summary>
/// <param name="source">Whose credentials are used.</param>
internal sealed class LeaseRefusals(string inNamespace, Uri server, string source)
{
    /// <param name="verb">As in a Role.</param>
    public LeaseStoreException Of(string verb, string? name, ApiError error) => new($"Can't {verb} {What(name)}: {error}{Fix(verb, error)}");

    /// <summary>In the place of a record there is something that nobody here wrote.</summary>
    public LeaseStoreException Foreign(string name, string label) => new(
        $"{What(name)} was not written by this cluster ({label} and annotations are missing): delete it, or give the leases another namespace");

    public LeaseStoreException Contradiction(string name) => new(
        $"Can't write {What(name)}: the API server calls each try a conflict, though the object is as it should be. Does a quota or a webhook refuse it?");

    public LeaseStoreException Timeout(string verb, TimeSpan timeout) => new(
        $"Can't {verb} {What(null)}: no answer within {timeout.TotalSeconds:0.###} s");

    public string What(string? name) => name is null ? $"leases in namespace {inNamespace} at {server}" : $"lease {inNamespace}/{name} at {server}";

    private string Fix(string verb, ApiError error) => error.Code switch
    {
        403 => $". A Role in namespace {inNamespace} must allow {verb} (in all: get, list, create, update, delete) on resource leases of apiGroup "
            + $"coordination.k8s.io, and a RoleBinding must give it to the user of {source}",
        401 => $". The credentials of {source} are not accepted",
        404 when verb is "create" => $". Namespace {inNamespace} must exist",
        _ => "",
    };
}
