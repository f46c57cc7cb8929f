using System.Net;
using MultiCluster.EndToEnd.Tests.Support;

namespace MultiCluster.EndToEnd.Tests.Conformance;

/// <summary>A row of the Ingress conformance suite that is a request and its answer.</summary>
/// <param name="Service">Null when the answer is a 404.</param>
public sealed record Row(string Id, string Method, string Url, string? Service)
{
    /// <summary>What the suite asserts of every answer.</summary>
    internal void Check(Answer answer)
    {
        var what = $"{Id}: {Method} {Url} -> {answer}";
        if (Service is null)
        {
            Assert.True(answer.Status == HttpStatusCode.NotFound, what);
            Assert.True(answer.Echo is null, what);
            return;
        }

        Assert.True(answer.Status == HttpStatusCode.OK && answer.Service == Service, what);
        Assert.Equal(new Version(1, 1), answer.Version);
        foreach (var header in new[] { "Content-Length", "Content-Type", "Date", "Server" })
            Assert.True(answer.Headers.ContainsKey(header), $"{what} lacks the header {header}");
        Assert.Equal(EchoPods.ServerHeader, answer.Headers["Server"]);
        var echo = answer.Echo!;
        var url = new Uri(Url);
        Assert.Equal((Method, url.AbsolutePath, "HTTP/1.1"), (echo.Method, echo.Path, echo.Proto));
        Assert.Equal(url.IsDefaultPort ? url.Host : url.Authority, echo.Host);
        Assert.Equal(url.Scheme, echo.Tls);
        Assert.Equal("conformance/1.0", echo.Headers["User-Agent"]);
    }

    public override string ToString() => $"{Id} {Method} {Url}";
}
