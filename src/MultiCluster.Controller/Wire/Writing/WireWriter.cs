using Google.Protobuf.Collections;
using MultiCluster.Model.Identity;
using MultiCluster.Model.Routing;
using MultiCluster.Model.Security;
using P = MultiCluster.Controller.Wire.Protos;

namespace MultiCluster.Controller.Wire.Writing;

/// <summary>Makes messages of one envelope, and gathers the secrets that they refer to: equal ones once. Total.</summary>
internal sealed partial class WireWriter
{
    private readonly Dictionary<Secret, uint> _places = [];
    private readonly List<Secret> _secrets = [];

    public IReadOnlyList<Secret> Secrets => _secrets;

    private uint Place(Secret secret)
    {
        if (secret.Length == 0)
            return 0;
        if (_places.TryGetValue(secret, out var place))
            return place;
        _secrets.Add(secret);
        place = (uint)_secrets.Count;
        _places.Add(secret, place);
        return place;
    }

    /// <summary>In ticks since the Unix epoch; the offset is for people and not kept.</summary>
    private static long Ticks(DateTimeOffset instant) => instant.UtcTicks - DateTimeOffset.UnixEpoch.Ticks;

    private static P.ObjectKey Write(ObjectKey key) => new() { Namespace = key.Namespace, Name = key.Name };

    private static P.EntityId Write(EntityId entity) => new() { Kind = (P.EntityKind)((int)entity.Kind + 1), Key = Write(entity.Key) };

    private static P.Version Write(FragmentVersion version) => new() { Epoch = version.Epoch, Number = version.Version };

    private static void AddTo(RepeatedField<string> field, IEnumerable<MemberName> members)
    {
        foreach (var member in members)
            field.Add(member.Value);
    }
}
