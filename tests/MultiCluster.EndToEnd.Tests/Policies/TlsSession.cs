using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Security.Cryptography.X509Certificates;

namespace MultiCluster.EndToEnd.Tests.Policies;

/// <summary>A client that goes on with the session of TLS that it has, which no ready-made one does when it is told to.</summary>
internal sealed class TlsSession : IDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(20);

    private readonly IPEndPoint _proxy;
    private readonly string _host;
    private readonly string _folder = Directory.CreateTempSubdirectory("mc-session-").FullName;

    public TlsSession(IPEndPoint proxy, string host, X509Certificate2 certificate)
    {
        (_proxy, _host) = (proxy, host);
        using var key = certificate.GetECDsaPrivateKey()!;
        File.WriteAllText(PathOf("client.pem"), $"{certificate.ExportCertificatePem()}\n{key.ExportPkcs8PrivateKeyPem()}\n");
    }

    public async Task<(int Status, bool IsResumed)> AskAsync()
    {
        using var limit = new CancellationTokenSource(Limit);
        // TLS 1.2: its session is there as soon as the handshake is over.
        List<string> arguments = ["s_client", "-tls1_2", "-connect", _proxy.ToString(), "-servername", _host, "-cert", PathOf("client.pem"), "-ign_eof", "-sess_out", PathOf("session")];
        if (File.Exists(PathOf("session")))
            arguments.AddRange(["-sess_in", PathOf("session")]);
        using var process = Process.Start(new ProcessStartInfo("openssl", arguments) { UseShellExecute = false, RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true })!;
        var errors = process.StandardError.ReadToEndAsync(limit.Token);
        await process.StandardInput.WriteAsync($"GET / HTTP/1.1\r\nHost: {_host}\r\nConnection: close\r\n\r\n".AsMemory(), limit.Token);
        await process.StandardInput.FlushAsync(limit.Token);
        var text = await process.StandardOutput.ReadToEndAsync(limit.Token);
        await process.WaitForExitAsync(limit.Token);
        var at = text.IndexOf("HTTP/1.1 ", StringComparison.Ordinal);
        Assert.True(at >= 0, $"no answer: {text}{await errors}");
        return (int.Parse(text.AsSpan(at + 9, 3), CultureInfo.InvariantCulture), text.Contains("\nReused, ", StringComparison.Ordinal));
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private string PathOf(string name) => Path.Combine(_folder, name);
}
