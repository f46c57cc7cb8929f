using System.Text;
using MultiCluster.Kubernetes.Decoding;
using MultiCluster.Model.Collections;
using MultiCluster.Model.Resources;

namespace MultiCluster.Kubernetes.Tests.Decoding;

/// <summary>What objects say of other objects: parameters of classes, and grants.</summary>
public sealed class ReferenceDecoderTests
{
    [Theory]
    [InlineData("""{"controller":"c"}""", null, null)]
    [InlineData("""{"parameters":{"kind":"ConfigMap","name":"a"}}""", " ConfigMap a ", null)]
    [InlineData("""{"parameters":{"apiGroup":"x.example","kind":"K","name":"a","scope":"Namespace","namespace":"n"}}""", "x.example K a n", null)]
    [InlineData("""{"parameters":{"apiGroup":null,"kind":"ConfigMap","name":7}}""", " ConfigMap  ", "spec.parameters.name: expected a string, found 7")]
    [InlineData("""{"parameters":"a"}""", null, "spec.parameters: expected an object, found other text")]
    public void A_class_names_its_parameters(string spec, string? expected, string? error)
    {
        var read = (IngressClassResource)Read(ResourceKind.IngressClass, $$"""{"metadata":{"name":"a"},"spec":{{spec}}}""");
        Assert.Equal(expected, read.Parameters is { } it ? $"{it.ApiGroup} {it.Kind} {it.Name} {it.Namespace}" : null);
        Assert.Equal(error, read.DecodeError);
    }

    [Theory]
    [InlineData("""{"from":[{"group":"networking.k8s.io","kind":"Ingress","namespace":"web"}],"to":[{"group":"","kind":"Secret"}]}""", "web", "[]")]
    [InlineData("""{"from":[{"group":"networking.k8s.io","kind":"Ingress","namespace":"web"}],"to":[{"group":"","kind":"Secret","name":"a"},{"group":"","kind":"Secret","name":"b"}]}""", "web", "[a][b]")]
    // Of others, and of nobody.
    [InlineData("""{"from":[{"group":"gateway.networking.k8s.io","kind":"Gateway","namespace":"web"}],"to":[{"group":"","kind":"Service"}]}""", "", "")]
    [InlineData("""{"from":[{"group":"networking.k8s.io","kind":"Ingress"}],"to":[{"kind":"Secret"}]}""", "", "")]
    [InlineData("{}", "", "")]
    public void A_grant_is_read_as_far_as_it_is_about_Ingresses_and_Secrets(string spec, string from, string to)
    {
        var read = (ReferenceGrantResource)Read(ResourceKind.ReferenceGrant, $$"""{"metadata":{"name":"a","namespace":"safe"},"spec":{{spec}}}""");
        Assert.Equal((from, to, null), (string.Join(',', read.Ingresses), string.Concat(read.Secrets.Select(static name => $"[{name}]")), read.DecodeError));
    }

    [Fact]
    public void A_grant_of_a_wrong_shape_allows_nothing()
    {
        var read = (ReferenceGrantResource)Read(
            ResourceKind.ReferenceGrant,
            """{"metadata":{"name":"a","namespace":"safe"},"spec":{"from":[{"group":"networking.k8s.io","kind":"Ingress","namespace":"web"}],"to":[{"group":"","kind":"Secret","name":["users"]}]}}""");
        Assert.NotNull(read.DecodeError);
        Assert.False(read.Allows("web", "users"));
    }

    private static Resource Read(ResourceKind kind, string json) =>
        new ResourceDecoder().DecodeWatchEvent(kind, Encoding.UTF8.GetBytes($$"""{"type":"ADDED","object":{{json}}}""")).Resource!;
}
