using MultiCluster.Cli.Output;
using MultiCluster.Model.Admin;

namespace MultiCluster.Cli.Views;

internal static class IngressViews
{
    public static void List(IReadOnlyList<IngressView> ingresses, Terminal terminal)
    {
        if (ingresses.Count == 0)
        {
            terminal.Remark("No Ingress of ours exists in any member.");
            return;
        }

        var table = new TextTable("NAMESPACE", "NAME", "STATUS", "MEMBERS", "ROUTES", "HOSTS", "TLS");
        foreach (var ingress in ingresses)
        {
            table.Add(
                ingress.Namespace,
                ingress.Name,
                Status(ingress),
                Cell.Of(ingress.Members),
                ingress.Routes.Count,
                Cell.Of(ingress.Hosts),
                Cell.Of(ingress.CertificateHosts));
        }
        table.WriteTo(terminal);
    }

    public static void Show(IngressView ingress, Terminal terminal)
    {
        terminal.Field("Name", ingress.Name);
        terminal.Field("Namespace", ingress.Namespace);
        terminal.Field("Status", Status(ingress));
        terminal.Field("Members", Cell.Of(ingress.Members));
        terminal.Field("Hosts", Cell.Of(ingress.Hosts));
        terminal.Field("Certificates", Cell.Of(ingress.CertificateHosts));
        terminal.Line();
        terminal.Line(new Cell(ingress.Routes.Count == 0 ? "Routes: none" : "Routes:", Tone.Heading));
        if (ingress.Routes.Count > 0)
            RouteViews.OfIngress(ingress.Routes, terminal);
        terminal.Line();
        terminal.Line(new Cell(ingress.Conditions.Count == 0 ? "Conditions: none" : "Conditions:", Tone.Heading));
        if (ingress.Conditions.Count > 0)
            ConditionViews.List(ingress.Conditions, $"mcctl ingress show {ingress.Namespace}/{ingress.Name} -o json", terminal);
    }

    /// <summary>The reasons of all trouble in any member.</summary>
    private static Cell Status(IngressView ingress)
    {
        string[] reasons = [.. ingress.Conditions.Where(ConditionViews.IsTrouble).Select(c => c.Reason).Distinct()];
        return reasons.Length == 0 ? new Cell("OK", Tone.Good) : new Cell(string.Join(',', reasons), Tone.Bad);
    }
}
