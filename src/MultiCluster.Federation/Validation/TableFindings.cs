using MultiCluster.Federation.Backends;
using MultiCluster.Federation.Members;
using MultiCluster.Federation.Routing;
using MultiCluster.Federation.Text;
using MultiCluster.Model.Conditions;
using MultiCluster.Model.Identity;
using MultiCluster.Model.Members;
using MultiCluster.Model.Resources;
using MultiCluster.Model.Routing;

namespace MultiCluster.Federation.Validation;

/// <summary>What the manifests disagree on, as the routing table tells it, and what of Services can't be used.</summary>
internal static class TableFindings
{
    private static readonly FragmentVersion Version = new(1, 1);

    public static IEnumerable<ManifestFinding> Of(IReadOnlyList<CopyChange> changes, IReadOnlyList<Fragment.Ingress> ingresses, DateTimeOffset now)
    {
        var services = changes.OfType<CopyChange.ServiceChanged>().Select(static change => change.Copy).OfType<ServiceCopy>().ToList();
        var backends = Merge(services, EndpointOptions.Default);
        var inAnyCase = Merge(services, EndpointOptions.Default with { AllowLoopback = true }).SelectMany(Findings).ToHashSet();
        var table = new RoutingTable();
        FragmentUpdate[] rows =
        [
            .. backends.Select(static backend => new FragmentUpdate(EntityId.Backend(backend.Service), Version, backend)),
            .. ingresses.Select(static ingress => new FragmentUpdate(EntityId.Ingress(ingress.Key), Version, ingress)),
        ];
        table.Apply(rows, now);
        return ingresses.SelectMany(ingress => table.Conflicts(ingress.Key).Select(condition => Conflict(ingress.Key, condition)))
            .Concat(backends.SelectMany(Findings).Select(finding => inAnyCase.Contains(finding) ? finding : finding with { Level = FindingLevel.Warning }));
    }

    private static List<Fragment.Backend> Merge(IEnumerable<ServiceCopy> copies, EndpointOptions options) =>
    [
        .. copies.Where(static copy => copy.Service is not null)
            .Select(copy => BackendFederation.Merge(copy.Service!.Key, [copy], ExternalNameResolution.Empty, options)).OfType<Fragment.Backend>(),
    ];

    private static IEnumerable<ManifestFinding> Findings(Fragment.Backend backend) => backend.Conditions.Select(item => OfService(backend.Service, item.Condition));

    private static ManifestFinding Conflict(ObjectKey ingress, Condition condition) =>
        new(ResourceKind.Ingress, ingress, "spec", FindingLevel.Error, condition.Reason, WithoutSubject(condition.Message, $"Ingress {Shown.Key(ingress)}: "));

    private static ManifestFinding OfService(ObjectKey service, Condition condition) =>
        new(ResourceKind.Service, service, "spec", FindingLevel.Error, condition.Reason, WithoutSubject(condition.Message, $"{ManifestCopies.Member}: Service {Shown.Key(service)}: "));

    private static string WithoutSubject(string message, string subject) =>
        message.StartsWith(subject, StringComparison.Ordinal) ? message[subject.Length..] : message;
}
