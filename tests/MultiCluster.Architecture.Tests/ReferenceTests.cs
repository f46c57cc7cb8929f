using System.Xml.Linq;

namespace MultiCluster.Architecture.Tests;

/// <summary>The arrows between projects: what is not in the table may not be referenced.</summary>
public sealed class ReferenceTests
{
    private static readonly Dictionary<string, string[]> Allowed = new(StringComparer.Ordinal)
    {
        ["Model"] = [],
        ["Federation"] = ["Model"],
        ["HAProxy"] = ["Model"],
        ["HAProxy.Runtime"] = ["HAProxy"],
        ["Kubernetes"] = ["Model"],
        ["Acme"] = ["Model"],
        ["Actors"] = [],
        ["Persistence"] = [],
        ["Cluster"] = ["Actors", "Persistence"],
        ["Hocon"] = [],
        ["Controller"] = ["Acme", "Actors", "Cluster", "Federation", "HAProxy.Runtime", "Kubernetes", "Hocon", "Persistence"],
        ["Host"] = ["Controller"],
        // Federation and Kubernetes for what mcctl tells of manifests without asking a server: as the program reads and judges them.
        ["Cli"] = ["Model", "Federation", "Kubernetes"],
    };

    [Fact]
    public void Every_project_of_src_is_in_the_table()
    {
        var projects = Repository.Projects().Select(static project => project.Name).Order(StringComparer.Ordinal);
        Assert.Equal(Allowed.Keys.Order(StringComparer.Ordinal), projects);
    }

    [Fact]
    public void Projects_reference_only_what_the_table_allows()
    {
        foreach (var (name, file) in Repository.Projects())
        {
            var references = XDocument.Load(file).Descendants("ProjectReference")
                .Select(static reference => Repository.ShortName((string)reference.Attribute("Include")!))
                .ToList();
            var extra = references.Except(Allowed[name], StringComparer.Ordinal).ToList();
            Assert.True(extra.Count == 0, $"MultiCluster.{name} may not reference {string.Join(", ", extra)}");
        }
    }

    [Theory]
    [InlineData("Model")]
    [InlineData("Federation")]
    [InlineData("HAProxy")]
    public void Pure_projects_reference_no_framework_but_the_base(string name)
    {
        var project = XDocument.Load(Repository.Projects().Single(item => item.Name == name).File);
        Assert.Empty(project.Descendants("FrameworkReference"));
        Assert.Empty(project.Descendants("PackageReference"));
    }

    [Fact]
    public void No_assembly_of_a_pure_project_uses_sockets_files_or_clocks()
    {
        string[] forbidden = ["System.Net.Sockets", "System.Net.Http", "System.IO.FileSystem.Watcher", "System.Diagnostics.Process", "System.Threading.Timer"];
        foreach (var name in new[] { "Model", "Federation", "HAProxy" })
        {
            var assembly = System.Reflection.Assembly.Load($"MultiCluster.{name}");
            var used = assembly.GetReferencedAssemblies().Select(static reference => reference.Name).Intersect(forbidden, StringComparer.Ordinal).ToList();
            Assert.True(used.Count == 0, $"MultiCluster.{name} uses {string.Join(", ", used)}");
        }
    }
}
