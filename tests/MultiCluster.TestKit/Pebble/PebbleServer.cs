using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json;

namespace MultiCluster.TestKit.Pebble;

/// <summary>
/// A real ACME authority, Let's Encrypt's own for tests, with a name server that gives one address for every name. Both end with this
/// process, however that ends.
/// </summary>
public sealed class PebbleServer : IAsyncDisposable
{
    /// <summary>Says "ready" when the authority listens, and leaves nothing behind when its input ends.</summary>
    private const string Script = """
        pebble-challtestsrv -defaultIPv4 "$2" -defaultIPv6 "" -dns01 "$3" -http01 "" -https01 "" -tlsalpn01 "" -management "$4" </dev/null >"$1/dns.log" 2>&1 &
        dns=$!
        pebble -config "$1/pebble.json" -dnsserver "$3" -strict </dev/null >"$1/pebble.log" 2>&1 &
        authority=$!
        trap 'kill "$authority" "$dns" 2>/dev/null; wait; rm -rf "$1"' EXIT
        trap 'exit 0' INT TERM HUP
        until grep -q 'ACME directory available' "$1/pebble.log" && grep -q 'Starting' "$1/dns.log"; do
            kill -0 "$authority" && kill -0 "$dns" || { cat "$1/pebble.log" "$1/dns.log" >&2; exit 1; }
            sleep 0.02
        done
        echo ready
        while read -r _; do :; done
        """;

    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(30);

    private readonly Process _shell;
    private readonly string _folder;

    private PebbleServer(Process shell, string folder, IPAddress address, int port, int httpPort, string rootsPem)
    {
        (_shell, _folder, HttpPort, RootsPem) = (shell, folder, httpPort, rootsPem);
        Directory = new Uri($"https://{address}:{port}/dir");
    }

    /// <summary>Why tests with it are skipped; null if they aren't.</summary>
    public static string? WhyMissing { get; } = OnPath("pebble") && OnPath("pebble-challtestsrv")
        ? null
        : "no pebble on the PATH; \"apt-get install -y --no-install-recommends pebble\" brings it";

    public Uri Directory { get; }

    /// <summary>Where the authority looks at challenges.</summary>
    public int HttpPort { get; }

    /// <summary>Who signed the certificate of its own API (not those that it issues).</summary>
    public string RootsPem { get; }

    public string Log => File.ReadAllText(Path.Combine(_folder, "pebble.log"));

    public static async Task<PebbleServer> StartAsync(PebbleOptions options)
    {
        if (WhyMissing is not null)
            throw new InvalidOperationException(WhyMissing);
        var folder = System.IO.Directory.CreateTempSubdirectory("mc-pebble-").FullName;
        var address = Loopback.NewAddress();
        var (api, dns, management) = (Loopback.FreePort(address), Loopback.FreePort(address), Loopback.FreePort(address));
        var httpPort = Loopback.FreePort(options.Responder);
        var certificate = await WriteCertificateAsync(folder, address);
        await File.WriteAllTextAsync(Path.Combine(folder, "pebble.json"), Configuration(options, folder, $"{address}:{api}", httpPort));
        var start = new ProcessStartInfo("sh", ["-c", Script, "sh", folder, options.Responder.ToString(), $"{address}:{dns}", $"{address}:{management}"])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            UseShellExecute = false,
        };
        start.Environment["PEBBLE_VA_NOSLEEP"] = "1";
        start.Environment["PEBBLE_WFE_NONCEREJECT"] = Text(options.RefusedNoncesPercent);
        start.Environment["PEBBLE_AUTHZREUSE"] = Text(options.ReusedAuthorizationsPercent);
        start.Environment["PEBBLE_ALTERNATE_ROOTS"] = Text(options.AlternateRoots);
        var shell = Process.Start(start)!;
        var said = await shell.StandardOutput.ReadLineAsync().WaitAsync(Deadline);
        return said == "ready"
            ? new PebbleServer(shell, folder, address, api, httpPort, certificate)
            : throw new InvalidOperationException("pebble did not start; its log is on the error output.");
    }

    public async ValueTask DisposeAsync()
    {
        _shell.StandardInput.Close();
        await _shell.WaitForExitAsync().WaitAsync(Deadline);
        _shell.Dispose();
    }

    private static string Configuration(PebbleOptions options, string folder, string api, int httpPort) => JsonSerializer.Serialize(new
    {
        pebble = new
        {
            listenAddress = api,
            certificate = Path.Combine(folder, "api.pem"),
            privateKey = Path.Combine(folder, "api.key"),
            httpPort,
            externalAccountBindingRequired = options.ExternalAccounts.Count > 0,
            externalAccountMACKeys = options.ExternalAccounts,
            certificateValidityPeriod = (long)options.CertificateLife.TotalSeconds,
        },
    });

    private static async Task<string> WriteCertificateAsync(string folder, IPAddress address)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=pebble", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddIpAddress(address);
        request.CertificateExtensions.Add(names.Build());
        var now = TimeProvider.System.GetUtcNow();
        using var certificate = request.CreateSelfSigned(now.AddDays(-1), now.AddDays(1));
        var pem = certificate.ExportCertificatePem() + "\n";
        await File.WriteAllTextAsync(Path.Combine(folder, "api.pem"), pem);
        await File.WriteAllTextAsync(Path.Combine(folder, "api.key"), key.ExportPkcs8PrivateKeyPem() + "\n");
        return pem;
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);

    private static bool OnPath(string program) => (Environment.GetEnvironmentVariable("PATH") ?? "")
        .Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries).Any(folder => File.Exists(Path.Combine(folder, program)));
}
