using System.Collections.Immutable;
using Google.Protobuf;
using Google.Protobuf.Collections;
using MultiCluster.Model.Collections;
using MultiCluster.Model.Identity;
using MultiCluster.Model.Routing;
using MultiCluster.Model.Security;
using P = MultiCluster.Controller.Wire.Protos;

namespace MultiCluster.Controller.Wire.Reading;

/// <summary>
/// Makes values of messages. Total: what can't be understood is noted as the <see cref="Problem"/>, something stands in its place, and
/// whoever asked throws the outcome away.
/// </summary>
/// <param name="secrets">By place; null: they could not be opened, and what needs one is left out.</param>
internal sealed partial class WireReader(IReadOnlyList<ByteString>? secrets)
{
    private static readonly Secret NoSecret = new(ReadOnlyMemory<byte>.Empty);

    /// <summary>The first one.</summary>
    public string? Problem { get; private set; }

    /// <summary>Something was left out for want of its secret.</summary>
    public bool LeftOut { get; private set; }

    private T Fail<T>(string problem, T instead)
    {
        Problem ??= problem;
        return instead;
    }

    /// <returns>Null: not to be had.</returns>
    private Secret? Secret(uint place)
    {
        if (place == 0)
            return NoSecret;
        if (secrets is null)
        {
            LeftOut = true;
            return null;
        }

        return place <= secrets.Count ? new Secret(secrets[(int)place - 1].Memory) : Fail($"secret {place} of {secrets.Count}", NoSecret);
    }

    private DateTimeOffset Instant(long ticks)
    {
        var epoch = DateTimeOffset.UnixEpoch.Ticks;
        return ticks >= -epoch && ticks <= DateTimeOffset.MaxValue.Ticks - epoch
            ? new DateTimeOffset(epoch + ticks, TimeSpan.Zero)
            : Fail($"{ticks} ticks are no instant", DateTimeOffset.UnixEpoch);
    }

    /// <summary>Enumerations of the wire have the names of ours, in the same order behind a zero for "not said".</summary>
    private T Enumerator<T>(int value)
        where T : struct, Enum
    {
        var own = (T)(object)(value - 1);
        return Enum.IsDefined(own) ? own : Fail<T>($"{typeof(T).Name} {value} is not known", default);
    }

    private ObjectKey Read(P.ObjectKey? key) => key is null ? Fail<ObjectKey>("a key is missing", new("", "")) : new(key.Namespace, key.Name);

    private EntityId Read(P.EntityId? entity)
    {
        if (entity is null)
            return Fail<EntityId>("an entity is missing", default);
        var (kind, key) = (Enumerator<EntityKind>((int)entity.Kind), Read(entity.Key));
        return kind == EntityKind.Member && key.Namespace.Length > 0 ? Fail<EntityId>("a member in a namespace", default) : new(kind, key);
    }

    private FragmentVersion Read(P.Version? version) => version is null ? Fail<FragmentVersion>("a version is missing", default) : new(version.Epoch, version.Number);

    private static EquatableArray<MemberName> Members(RepeatedField<string> field) => Each(field, static name => new MemberName(name));

    private static EquatableArray<string> Strings(RepeatedField<string> field) => new([.. field]);

    private static EquatableArray<T> Each<TWire, T>(RepeatedField<TWire> field, Func<TWire, T> read)
        where T : IEquatable<T>
    {
        var items = ImmutableArray.CreateBuilder<T>(field.Count);
        foreach (var item in field)
            items.Add(read(item));
        return new(items.MoveToImmutable());
    }

    /// <summary>Null values, whose secrets are not to be had, are left out.</summary>
    private static EquatableArray<T> EachThere<TWire, T>(RepeatedField<TWire> field, Func<TWire, T?> read)
        where T : class, IEquatable<T>
    {
        var items = ImmutableArray.CreateBuilder<T>(field.Count);
        foreach (var item in field)
        {
            if (read(item) is { } value)
                items.Add(value);
        }

        return new(items.DrainToImmutable());
    }
}
