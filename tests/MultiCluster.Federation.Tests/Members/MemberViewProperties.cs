using System.Collections.Immutable;
using FsCheck;
using FsCheck.Fluent;
using MultiCluster.Federation.Members;
using MultiCluster.Federation.Tests.Support;
using MultiCluster.Model.Collections;
using MultiCluster.Model.Identity;
using MultiCluster.Model.Members;
using MultiCluster.Model.Resources;

namespace MultiCluster.Federation.Tests.Members;

/// <summary>Random events over few names, so that objects meet.</summary>
public sealed class MemberViewProperties
{
    private static readonly Gen<string?> ClassName = Gen.Elements("x", "y", null);

    private static readonly Gen<Resource> Ingress =
        from name in Gen.Elements("i1", "i2", "i3")
        from field in ClassName
        from annotation in Gen.Frequency((4, Gen.Constant<string?>(null)), (1, ClassName))
        from service in Gen.Elements("s1", "s2")
        from secret in Gen.Elements("t1", "t2", null)
        select (Resource)(Make.Ingress(Make.Rule("a.example", Make.Path("/", service))) with
        {
            Meta = Make.Meta(Make.Key(name)) with
            {
                Annotations = annotation is null ? EquatableMap.Empty : EquatableMap.From([new(ClassOptions.LegacyAnnotation, annotation)]),
            },
            ClassName = field,
            Tls = secret is null ? [] : [new IngressTls([], secret)],
        });

    private static readonly Gen<Resource> Class =
        from name in Gen.Elements("x", "y")
        from ours in Gen.Elements(true, false)
        from isDefault in Gen.Elements(true, false)
        select (Resource)new IngressClassResource(new ObjectMeta(new ObjectKey("", name))
        {
            Annotations = EquatableMap.From([new(IngressClassResource.DefaultClassAnnotation, isDefault ? "true" : "false")]),
        })
        { Controller = ours ? ClassOptions.DefaultControllerName : "other" };

    private static readonly Gen<Resource> Service =
        from name in Gen.Elements("s1", "s2", "s3")
        from port in Gen.Elements(80, 81)
        from day in Gen.Elements(1, 2)
        select (Resource)(Make.Service(name, Make.Port(port)) with { Meta = Make.Meta(Make.Key(name), day) });

    private static readonly Gen<Resource> Slice =
        from name in Gen.Elements("e1", "e2", "e3")
        from service in Gen.Elements("s1", "s2", "s3", "")
        from address in Gen.Elements("10.0.0.1", "10.0.0.2")
        select (Resource)Make.Slice(name, service, Make.Ready(address));

    private static readonly Gen<Resource> Secret =
        from name in Gen.Elements("t1", "t2")
        from key in Gen.Elements("k1", "k2")
        select (Resource)Certificates.Stored(name, ("c", key));

    private static readonly Gen<Resource> AnyResource = Gen.OneOf(Ingress, Class, Service, Slice, Secret);

    private static readonly Gen<MemberEvent> Event = Gen.Frequency(
        (6, AnyResource.Select(static item => (MemberEvent)new MemberEvent.Upserted(item))),
        (2, AnyResource.Select(static item => (MemberEvent)new MemberEvent.Deleted(item.Kind, item.Key))),
        (1, from kind in Gen.Elements(Enum.GetValues<ResourceKind>())
            from items in AnyResource.ListOf()
            select (MemberEvent)new MemberEvent.Listed(kind, [.. items.Where(item => item.Kind == kind)])));

    [Fact]
    public void Events_one_by_one_lead_where_a_fresh_list_of_what_is_left_leads() => Prop.ForAll(Event.ListOf().ToArbitrary(), static events =>
    {
        var view = new MemberView(Make.Aws, new ClassOptions());
        var told = new SortedDictionary<string, CopyChange>(StringComparer.Ordinal);
        var objects = new Dictionary<(ResourceKind, ObjectKey), Resource>();
        foreach (var item in events)
        {
            Record(objects, item);
            foreach (var change in view.Apply(item))
                Fold(told, change);
        }

        // Before their first list copies say that they may lack Secrets.
        foreach (var change in view.Apply(new MemberEvent.Listed(ResourceKind.Secret, [.. objects.Values.Where(static item => item.Kind == ResourceKind.Secret)])))
            Fold(told, change);
        Assert.Equal(Rebuild(objects), view.Snapshot());
        Assert.Equal(view.Snapshot().Select(static change => (Name(change), change)), told.Select(static item => (item.Key, item.Value)));
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void Repeating_an_event_tells_nothing() => Prop.ForAll(Event.ListOf().ToArbitrary(), static events =>
    {
        var view = new MemberView(Make.Aws, new ClassOptions());
        foreach (var item in events)
        {
            view.Apply(item);
            Assert.Empty(view.Apply(item));
        }
    }).QuickCheckThrowOnFailure();

    /// <summary>Fails on a change that changes nothing.</summary>
    private static void Fold(SortedDictionary<string, CopyChange> told, CopyChange change)
    {
        var name = Name(change);
        var gone = change is CopyChange.IngressChanged { Copy: null } or CopyChange.ServiceChanged { Copy: null };
        if (gone)
            Assert.True(told.Remove(name), $"{name} went without having been there");
        else
            Assert.False(told.TryGetValue(name, out var known) && known.Equals(change), $"{name} was told twice");
        if (!gone)
            told[name] = change;
    }

    /// <summary>Services sort first, as in a snapshot.</summary>
    private static string Name(CopyChange change) => $"{(change is CopyChange.ServiceChanged ? "1" : "2")} {change.Key}";

    private static void Record(Dictionary<(ResourceKind, ObjectKey), Resource> objects, MemberEvent item)
    {
        switch (item)
        {
            case MemberEvent.Upserted upserted:
                objects[(upserted.Resource.Kind, upserted.Resource.Key)] = upserted.Resource;
                break;
            case MemberEvent.Deleted deleted:
                objects.Remove((deleted.Kind, deleted.Key));
                break;
            case MemberEvent.Listed listed:
                foreach (var key in objects.Keys.Where(key => key.Item1 == listed.Kind).ToList())
                    objects.Remove(key);
                foreach (var resource in listed.Items)
                    objects[(resource.Kind, resource.Key)] = resource;
                break;
        }
    }

    private static IReadOnlyList<CopyChange> Rebuild(Dictionary<(ResourceKind Kind, ObjectKey), Resource> objects)
    {
        var fresh = new MemberView(Make.Aws, new ClassOptions());
        foreach (var kind in Enum.GetValues<ResourceKind>().Reverse())
            fresh.Apply(new MemberEvent.Listed(kind, objects.Where(item => item.Key.Kind == kind).Select(static item => item.Value).ToImmutableArray()));
        return fresh.Snapshot();
    }
}
