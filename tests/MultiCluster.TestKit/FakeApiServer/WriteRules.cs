using System.Globalization;
using System.Text.Json.Nodes;
using MultiCluster.Kubernetes.Client;
using MultiCluster.Model.Identity;

namespace MultiCluster.TestKit.FakeApiServer;

/// <summary>Optimistic concurrency: what the API server makes of the uid and the resourceVersion that a write names.</summary>
internal static class WriteRules
{
    /// <param name="expected">Metadata of the body of an update, or preconditions of DeleteOptions.</param>
    public static StatusObject? Refuse(ResourcePath resource, ObjectKey key, StoredObject? before, JsonNode? expected)
    {
        if (before is null)
            return null;
        var isAnother = Manifests.Text(expected, "uid") is { Length: > 0 } uid && uid != before.Uid;
        var isStale = Manifests.Text(expected, "resourceVersion") is { Length: > 0 } version
            && version != before.ResourceVersion.ToString(CultureInfo.InvariantCulture);
        return isAnother || isStale ? StatusObject.Conflict(resource, key.Name) : null;
    }

    /// <summary>
    /// An update of what is not there: not found, but for Leases, whose strategy creates it (AllowCreateOnUpdate). A uid that is named keeps it from that.
    /// </summary>
    public static StatusObject? RefuseMissing(ResourcePath resource, ObjectKey key, JsonNode? expected)
    {
        if (resource != ResourcePath.Leases)
            return StatusObject.NotFound(resource, key.Name);
        return Manifests.Text(expected, "uid").Length > 0 ? StatusObject.Conflict(resource, key.Name) : null;
    }
}
