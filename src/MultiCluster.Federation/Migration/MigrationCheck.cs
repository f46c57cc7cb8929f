using MultiCluster.Federation.Annotations;
using MultiCluster.Model.Collections;
using MultiCluster.Model.Identity;
using MultiCluster.Model.Resources;

namespace MultiCluster.Federation.Migration;

/// <summary>
/// What the controller will say of objects once they are here: keys are judged by the catalogue, values by what reads them when they are served.
/// </summary>
public static class MigrationCheck
{
    /// <param name="now">Decides which certificates are valid.</param>
    public static MigrationResult Of(MigrationInput input, DateTimeOffset now)
    {
        var classes = new ControllersOfClasses(input.Of<IngressClassResource>());
        var ingresses = input.Of<IngressResource>().Where(classes.IsMoved).ToList();
        var services = input.Of<ServiceResource>().ToList();
        var known = services.DistinctBy(static service => service.Key).ToDictionary(static service => service.Key);
        var secrets = input.Of<DataSecretResource>().DistinctBy(static secret => secret.Key).ToDictionary(static secret => secret.Key);
        var grants = input.Of<ReferenceGrantResource>().ToList();
        var defaults = new DefaultsOfInput(input, classes);
        var parameters = defaults.Parameters(input).ToList();
        var said = new SaidOfObjects();
        foreach (var ingress in ingresses)
            IngressCheck.Read(ingress, known, secrets, grants, defaults, now, said);
        // What a Service says counts for whichever Ingress comes to name it.
        foreach (var service in services.Where(service => !said.HasRead(service) && service.Meta.Annotations.Count > 0))
            IngressCheck.Read(IngressCheck.Naming(service), new Dictionary<ObjectKey, ServiceResource> { [service.Key] = service }, secrets, grants, defaults, now, said);
        var maps = input.Of<ConfigMapResource>().ToList();
        var findings = new List<MigrationFinding>();
        foreach (var holder in input.Objects)
        {
            findings.AddRange(holder switch
            {
                IngressResource ingress when classes.IsMoved(ingress) => OfObject(ingress, AnnotationPlaces.Ingress, said),
                ServiceResource service => OfObject(service, AnnotationPlaces.Service, said),
                ConfigMapResource map => SettingsCheck.Of(map, input, now)
                    .Concat(parameters.Where(source => source.ConfigMap == map.Key).SelectMany(source => SettingsCheck.OfParameters(map, source, now)))
                    .Concat(TcpCheck.Of(map, input.TcpServices, maps)),
                _ => [],
            });
        }

        var annotations = ingresses.Concat<Resource>(services).Sum(static item => item.Meta.Annotations.Count);
        return new MigrationResult(
            ingresses.Count + services.Count + maps.Count(map => input.Settings.Concat(parameters).Any(source => source.ConfigMap == map.Key) || input.TcpServices.Contains(map.Key)),
            findings,
            annotations - findings.Count(static finding => finding.Holder.Meta.Annotations.Find(finding.Key) is not null),
            input.Of<IngressResource>().Count() - ingresses.Count);
    }

    private static IEnumerable<MigrationFinding> OfObject(Resource holder, AnnotationPlaces place, SaidOfObjects said)
    {
        foreach (var finding in ObjectAnnotations.Check(place, holder.Meta.Annotations))
        {
            var (verdict, text) = said.Judge(holder, finding);
            yield return new MigrationFinding(holder, finding.Name, verdict, finding.Known?.Entry.Policy, text);
        }

        foreach (var (field, text) in said.OtherOf(holder))
            yield return new MigrationFinding(holder, field, AnnotationVerdict.Wrong, null, text);
    }
}
