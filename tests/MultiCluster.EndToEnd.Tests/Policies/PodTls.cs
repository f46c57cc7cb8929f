using System.Net;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.RegularExpressions;
using MultiCluster.EndToEnd.Tests.Support;

namespace MultiCluster.EndToEnd.Tests.Policies;

/// <summary>Pods that speak TLS, and Secrets that say whom of them to believe.</summary>
internal sealed class PodTls : IDisposable
{
    /// <summary>Stands for the answer of a pod where there is to be none.</summary>
    public const string Nobody = "503";

    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(20);

    private readonly TestAuthority _others = new("others");
    private readonly string _client;
    private readonly string _key;

    public PodTls(TestAuthority pods)
    {
        Authorities = pods.Pem;
        using var certificate = pods.Issue("proxy.test");
        _client = certificate.ExportCertificatePem();
        using var key = certificate.GetECDsaPrivateKey()!;
        _key = key.ExportPkcs8PrivateKeyPem();
    }

    public string Authorities { get; }

    public void Dispose() => _others.Dispose();

    /// <summary>Secrets of a case's namespace: pods and others have who signs, own a certificate, both has both.</summary>
    public string Secrets(string ns) => Yaml.Join(
        Secret(ns, "pods", ("ca.crt", Authorities)), Secret(ns, "others", ("ca.crt", _others.Pem)), Secret(ns, "official", ("tls.crt", Authorities)),
        Secret(ns, "own", ("tls.crt", _client), ("tls.key", _key)), Secret(ns, "both", ("ca.crt", Authorities), ("tls.crt", _client), ("tls.key", _key)));

    /// <summary>The Secret "pods" holds who signs for others, or again for the pods.</summary>
    public string Rotated(string ns, bool isOthers) => Secret(ns, "pods", ("ca.crt", isOthers ? _others.Pem : Authorities));

    public static async Task<string?> WrongAsync(ProxyClient client, string url, ServerCase item)
    {
        var answer = await client.GetAsync(url + "/tls");
        if (item.Detail == Nobody)
            return answer.Status == HttpStatusCode.ServiceUnavailable ? null : $"{answer} answers, and nobody should";
        return Regex.IsMatch(answer.Body, item.Detail, RegexOptions.None, TimeSpan.FromSeconds(1)) ? null : $"the pod says {answer}, not {item.Detail}";
    }

    /// <summary>Another Secret counts for the next connection, without a reload.</summary>
    public async Task RotateAsync(FederatedWorld world, string member, string ns, string url)
    {
        foreach (var isOthers in (bool[])[true, false])
        {
            await world[member].ApplyAsync(Rotated(ns, isOthers));
            await Await.NothingMissingAsync(async () =>
            {
                using var client = new ProxyClient(world.Product.Setting.Http, world.Product.Setting.Https);
                var status = (await client.GetAsync(url + "/tls")).Status;
                return status == (isOthers ? HttpStatusCode.ServiceUnavailable : HttpStatusCode.OK) ? null : $"another answer than {status} when authorities are {(isOthers ? "others" : "theirs")}";
            }, Limit);
        }
    }

    private static string Secret(string ns, string name, params (string Key, string Value)[] data) => $$"""
        apiVersion: v1
        kind: Secret
        metadata: {name: {{name}}, namespace: {{ns}}}
        type: Opaque
        data: {{{string.Join(", ", data.Select(static item => $"{item.Key}: {Convert.ToBase64String(Encoding.ASCII.GetBytes(item.Value))}"))}}}

        """;
}
