using MultiCluster.Federation.Members;
using MultiCluster.Federation.Text;
using MultiCluster.Model.Collections;
using MultiCluster.Model.Policies;

namespace MultiCluster.Federation.RoutePolicies;

/// <summary>Headers of a ConfigMap, which the member that has it put in the place of its name, see <see cref="HeaderMaps"/>.</summary>
internal static class NamedHeaders
{
    private const string Answers = "custom-headers";
    private const string Questions = "auth-proxy-set-headers";

    public static RoutePolicy? Response(FamilyAnnotations annotations, RoutePolicyContext context, RoutePolicy policy) =>
        annotations.Has(Answers) ? policy with { ResponseHeaders = Read(annotations, context, Answers, hasVariables: false) } : null;

    /// <summary>Besides those of the request, that the service which is asked sees.</summary>
    public static EquatableArray<HeaderChange> Question(FamilyAnnotations annotations, RoutePolicyContext context) =>
        annotations.Has(Questions) ? Read(annotations, context, Questions, hasVariables: true) : [];

    private static EquatableArray<HeaderChange> Read(FamilyAnnotations annotations, RoutePolicyContext context, string key, bool hasVariables)
    {
        var text = annotations.Parts(key) ?? "";
        if (!text.StartsWith(HeaderMaps.Mark, StringComparison.Ordinal))
        {
            if (text.Length > 0)
                annotations.Refuse(key, $"names {Shown.Quoted(text)}, of which no ConfigMap is read; create it in the Ingress' namespace, and have haproxy.header-config-maps in the configuration file name it");
            return [];
        }

        var lines = text.IndexOf('\n', StringComparison.Ordinal) is >= 0 and var end ? text[(end + 1)..] : "";
        var changes = new List<HeaderChange>();
        foreach (var change in HeaderTopics.Lines(annotations, context, key, lines, ':', HeaderAction.Set))
        {
            var value = hasVariables ? RequestVariables.Fill(change.Value) : change.Value.Contains('$', StringComparison.Ordinal) ? null : change.Value;
            if (value is null)
                annotations.Refuse(key, $"has {Shown.Quoted(change.Value)} for {change.Name}, which does not count; write it without {(hasVariables ? $"braces, and variables but {RequestVariables.Names}" : "variables")}");
            else
                changes.Add(change with { Value = value });
        }

        return changes.ToEquatableArray();
    }
}
