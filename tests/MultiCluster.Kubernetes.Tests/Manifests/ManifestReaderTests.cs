using MultiCluster.Kubernetes.Manifests;

namespace MultiCluster.Kubernetes.Tests.Manifests;

public sealed class ManifestReaderTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("reader-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Files_and_folders_are_read_in_order_each_file_once()
    {
        Directory.CreateDirectory(Path.Combine(_folder, "sub"));
        var first = Write("a.yaml", Service("one") + "---\n" + Service("two"));
        Write("sub/b.json", """{"apiVersion":"v1","kind":"Service","metadata":{"name":"three","namespace":"shop"}}""");
        Write("notes.txt", "no manifest");
        Write(".hidden.yaml", Service("hidden"));
        var other = Write("named.txt", Service("four"));
        var reading = ManifestReader.Read([_folder, first, other]);
        Assert.Empty(reading.Problems);
        Assert.Equal(
            ["a.yaml default/one", "a.yaml default/two", "sub/b.json shop/three", "named.txt default/four"],
            reading.Objects.Select(item => $"{Path.GetRelativePath(_folder, item.File)} {item.Resource.Key}"));
    }

    [Fact]
    public void What_can_not_be_read_is_told_and_the_rest_is_read()
    {
        var broken = Write("broken.yaml", "a: [");
        var old = Write("old.yaml", "apiVersion: extensions/v1beta1\nkind: Ingress\nmetadata: {name: a}\n");
        var good = Write("good.yaml", Service("one"));
        var empty = Directory.CreateDirectory(Path.Combine(_folder, "empty")).FullName;
        var reading = ManifestReader.Read([Path.Combine(_folder, "nothing"), broken, old, good, empty]);
        Assert.Equal("default/one", Assert.Single(reading.Objects).Resource.Key.ToString());
        Assert.Collection(
            reading.Problems,
            problem => Assert.EndsWith("nothing: there is no such file or folder", problem, StringComparison.Ordinal),
            problem => Assert.StartsWith($"{broken}:", problem, StringComparison.Ordinal),
            problem => Assert.Equal($"{old}:1: Ingress of extensions/v1beta1 is no longer served by Kubernetes; write apiVersion: networking.k8s.io/v1", problem),
            problem => Assert.Equal($"{empty}: the folder has no file that ends with .yaml, .yml or .json", problem));
    }

    private static string Service(string name) => $"apiVersion: v1\nkind: Service\nmetadata: {{name: {name}}}\n";

    private string Write(string name, string text)
    {
        var path = Path.Combine(_folder, name);
        TestFiles.Write(path, text);
        return path;
    }
}
