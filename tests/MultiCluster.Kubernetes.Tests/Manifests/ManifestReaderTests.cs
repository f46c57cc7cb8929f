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
            problem => Assert.Equal($"{empty}: the folder has no file that ends with .yaml, .yml or .json", problem));
        Assert.Collection(
            reading.Faults,
            fault => Assert.Equal(broken, fault.File),
            fault => Assert.Equal($"{old}:1: Ingress of extensions/v1beta1 is no longer served by Kubernetes; write apiVersion: networking.k8s.io/v1", fault.ToString()));
    }

    [Theory]
    [InlineData("{kubeconfigSecretRef: {namespace: multicluster, name: aws}, state: Drain}", null)]
    [InlineData("{kubeconfigSecretRef: {namespace: multicluster, name: aws}, state: Off}", "spec.state \"Off\" is none of Active, Drain, Disabled")]
    [InlineData("{kubeconfigSecretRef: {name: aws}}", "spec.kubeconfigSecretRef must name the namespace and the name of a Secret")]
    [InlineData("{kubeconfigSecretRef: {namespace: multicluster, name: aws}, endpointMode: Pods}", "spec.endpointMode \"Pods\" is none of Auto, PodIP, NodePort, LoadBalancer")]
    public void MemberClusters_are_judged_though_they_are_no_objects_of_a_member(string spec, string? problem)
    {
        var file = Write("aws.yaml", $"apiVersion: multicluster-ingress.github.io/v1alpha1\nkind: MemberCluster\nmetadata: {{name: aws}}\nspec: {spec}\n");
        var reading = ManifestReader.Read([file]);
        Assert.Empty(reading.Objects);
        Assert.Equal(problem is null ? [] : [$"{file}:1: MemberCluster aws: {problem}"], reading.Faults.Select(static fault => fault.ToString()));
    }

    private static string Service(string name) => $"apiVersion: v1\nkind: Service\nmetadata: {{name: {name}}}\n";

    private string Write(string name, string text)
    {
        var path = Path.Combine(_folder, name);
        TestFiles.Write(path, text);
        return path;
    }
}
