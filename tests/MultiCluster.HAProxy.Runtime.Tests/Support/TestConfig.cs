using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace MultiCluster.HAProxy.Runtime.Tests.Support;

/// <summary>A small configuration with what the Runtime API works on; it listens on unix sockets only.</summary>
internal sealed class TestConfig
{
    private readonly ScratchDirectory _directory;

    public TestConfig(ScratchDirectory directory)
    {
        _directory = directory;
        Map = directory.Write("a.map", "");
        Certificate = directory.Write("a.pem", SelfSigned("a.example"));
        CertificateList = directory.Write("crt.list", $"{Certificate} [alpn h2] a.example\n");
        ConfigPath = directory.Write("haproxy.cfg", Text());
    }

    public string ConfigPath { get; }

    public string Map { get; }

    public string Certificate { get; }

    public string CertificateList { get; }

    public string WorkerSocket => _directory.File("w.sock");

    public string OperatorSocket => _directory.File("o.sock");

    public string Frontend => _directory.File("fe.sock");

    public static string SelfSigned(string name)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256);
        using var certificate = request.CreateSelfSigned(DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch.AddYears(90));
        return certificate.ExportCertificatePem() + "\n" + key.ExportPkcs8PrivateKeyPem() + "\n";
    }

    public void Break() => _directory.Write("haproxy.cfg", Text().Replace("backend pool", "backend pool\n    no-such-keyword", StringComparison.Ordinal));

    public void Repair() => _directory.Write("haproxy.cfg", Text());

    private string Text() => $"""
        global
            stats socket {WorkerSocket} mode 600 level admin
            stats socket {OperatorSocket} mode 600 level operator
            stats timeout 300ms
            nbthread 1
            maxconn 200
        defaults
            mode http
            timeout connect 2s
            timeout client 30s
            timeout server 30s
        frontend web
            bind unix@{Frontend} ssl crt-list {CertificateList}
            http-request set-var(txn.backend) path,map_beg({Map})
            use_backend %[var(txn.backend)]
        backend pool
            balance roundrobin
        backend other
            balance roundrobin
            server fixed 127.0.0.1:9 weight 3
            server six [::1]:9 disabled

        """;
}
