using MultiCluster.Federation.Annotations;
using MultiCluster.Model.Collections;

namespace MultiCluster.Federation.Tests.Annotations;

public sealed class ObjectAnnotationsTests
{
    private const string Own = "multicluster-ingress.github.io/";

    [Theory]
    [InlineData(Own + "cluster-weights", "aws=80", AnnotationVerdict.Supported, "is applied")]
    [InlineData(Own + "cluster-weights", "aws", AnnotationVerdict.Wrong, "holds \"aws\"; write entries such as aws-1=80,gcp-1=20")]
    [InlineData(Own + "federate", "maybe", AnnotationVerdict.Wrong, "is \"maybe\"; write \"true\" or \"false\"")]
    [InlineData(Own + "stale-ttl", "1h", AnnotationVerdict.Wrong, "counts with policy Expire only")]
    [InlineData(Own + "cluster-weight", "aws=80", AnnotationVerdict.Unknown, "did you mean multicluster-ingress.github.io/cluster-weights?")]
    [InlineData("kubernetes.io/ingress.class", "haproxy", AnnotationVerdict.Supported, "is applied. It names an IngressClass object whose controller is ours")]
    [InlineData("haproxy.org/allow-list", "10.0.0.0/8", AnnotationVerdict.Supported, "is applied. A value that starts with patterns/")]
    [InlineData("haproxy.org/allow-list", "10.0.0.0/33", AnnotationVerdict.Wrong, "is \"10.0.0.0/33\"; write addresses and networks")]
    [InlineData("haproxy.org/ssl-passthrough", "off", AnnotationVerdict.Supported, "asks for what happens without it too")]
    [InlineData("haproxy.org/forwarded-for", "false", AnnotationVerdict.Supported, "is applied. \"false\" leaves")]
    [InlineData("haproxy.org/load-balance", "leastconn", AnnotationVerdict.Differs, "differs: One of roundrobin")]
    [InlineData("haproxy.org/server-ca", "ca", AnnotationVerdict.Supported, "is applied. ca.crt of the Secret")]
    [InlineData("haproxy.org/scale-server-slots", "42", AnnotationVerdict.Needless, "needs nothing here: Servers are added")]
    [InlineData("haproxy.org/backend-config-snippet", "http-request lua.x", AnnotationVerdict.Refused, "is refused: Text of a configuration")]
    [InlineData("haproxy.org/backend-config-snippet", "", AnnotationVerdict.Refused, "is refused")]
    [InlineData("haproxy.org/maxconn", "5", AnnotationVerdict.Misplaced, "is global, and does nothing on an object")]
    [InlineData("haproxy.org/cookie-persistence", "c", AnnotationVerdict.Misplaced, "is read on Service objects only")]
    [InlineData("nginx.ingress.kubernetes.io/enable-rewrite-log", "perhaps", AnnotationVerdict.Needless, "needs nothing here: A log of nginx")]
    [InlineData("nginx.ingress.kubernetes.io/enable-modsecurity", "false", AnnotationVerdict.Supported, "asks for what happens")]
    [InlineData("nginx.ingress.kubernetes.io/ssl-redirct", "true", AnnotationVerdict.Unknown, "did you mean nginx.ingress.kubernetes.io/ssl-redirect?")]
    [InlineData("backend.haproxy.org/maxconn", "1", AnnotationVerdict.Unknown, "is no annotation of HAProxy Kubernetes Ingress Controller (custom annotations)")]
    [InlineData("ingress.kubernetes.io/qqqqqqqqqqqqqqqqqqqq", "true", AnnotationVerdict.Unknown, "is no annotation of HAProxy Ingress (community) and HAProxy Kubernetes Ingress Controller (official) that we know; \"mcctl annotations\" lists")]
    public void Of_each_annotation_of_an_Ingress_it_is_told_what_becomes_of_it(string name, string value, AnnotationVerdict verdict, string text)
    {
        var finding = Assert.Single(Check(AnnotationPlaces.Ingress, (name, value)));
        Assert.Equal((name, verdict), (finding.Name, finding.Verdict));
        Assert.Contains(text, finding.Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("haproxy.org/cookie-persistence", "c", AnnotationVerdict.Supported)]
    [InlineData("haproxy.org/allow-list", "10.0.0.0/8", AnnotationVerdict.Misplaced)]
    [InlineData("haproxy-ingress.github.io/maxconn-server", "5", AnnotationVerdict.Supported)]
    [InlineData("haproxy-ingress.github.io/server-alias", "a.example", AnnotationVerdict.Misplaced)]
    [InlineData("nginx.ingress.kubernetes.io/load-balance", "ewma", AnnotationVerdict.Misplaced)]
    [InlineData(Own + "cluster-weights", "aws=80", AnnotationVerdict.Misplaced)]
    public void A_Service_is_another_place(string name, string value, AnnotationVerdict verdict) =>
        Assert.Equal(verdict, Assert.Single(Check(AnnotationPlaces.Service, (name, value))).Verdict);

    [Fact]
    public void What_is_no_ingress_controllers_is_left_out() => Assert.Empty(Check(
        AnnotationPlaces.Ingress, ("cert-manager.io/issuer", "a"), ("kubernetes.io/description", "b"), ("owner", "c"), ("", "d"), ("/", "e")));

    [Fact]
    public void Our_own_are_judged_together() => Assert.All(
        Check(AnnotationPlaces.Ingress, (Own + "stale-ttl", "1h"), (Own + "staleness", "Expire")),
        static finding => Assert.Equal(AnnotationVerdict.Supported, finding.Verdict));

    private static IReadOnlyList<AnnotationFinding> Check(AnnotationPlaces place, params (string Name, string Value)[] annotations) =>
        ObjectAnnotations.Check(place, EquatableMap.From(annotations.Select(static item => KeyValuePair.Create(item.Name, item.Value))));
}
