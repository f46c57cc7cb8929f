using System.Collections.Immutable;
using Microsoft.Extensions.Logging;
using MultiCluster.Controller.Proxies;
using MultiCluster.Federation.Backends;
using MultiCluster.Federation.Members;
using MultiCluster.Federation.Settings;
using MultiCluster.Federation.Text;
using MultiCluster.HAProxy.Program;
using MultiCluster.HAProxy.Traffic;
using MultiCluster.Hocon;
using MultiCluster.Model.Collections;
using MultiCluster.Model.Identity;

namespace MultiCluster.Host.Configuration;

/// <summary>Reads options from a HOCON document that the schema has checked; what only meaning can tell is checked here, all at once.</summary>
/// <param name="role">Of the command line; null: what the document says.</param>
/// <param name="probe">What is wrong with what a member is to be read from, as words after the key.</param>
public sealed class HostOptionsReader(HoconDocument document, Role? role, Func<MemberOptions, string?> probe)
{
    private readonly List<HoconError> _errors = [];

    /// <exception cref="HoconException">With every error, each with file and line.</exception>
    public HostOptions Read()
    {
        var node = new NodeOptionsReader(document, role, _errors);
        var stateDirectory = Path.GetFullPath(document.GetString("haproxy.state-directory"));
        var nodeDirectory = document.Has("cluster.state-directory")
            ? Path.GetFullPath(document.GetString("cluster.state-directory"))
            : Path.Combine(stateDirectory, "controller");
        var reader = new MemberOptionsReader(document, _errors, probe);
        ImmutableArray<MemberOptions> members = [.. document.Keys("members").Select(reader.Member)];
        reader.CheckHome(members);
        var settings = new SettingsOptionsReader(document, _errors);
        var source = settings.Source(members);
        var values = settings.Values();
        var defaultCertificate = settings.DefaultCertificate(members, values);
        var program = settings.WithTcp(Program()).Over(values);
        var options = new HostOptions
        {
            Role = node.Role,
            Node = node.Node(nodeDirectory),
            Persistence = node.Persistence(nodeDirectory),
            Proxy = node.Proxy(),
            Members = [.. members.Select(member => member.IsHome ? member with { Settings = source, DefaultCertificate = defaultCertificate } : member)],
            Settings = source,
            Defaults = new IngressDefaults(IngressDefaults.Only(values), settings.RedirectsToHttps()) { HasFirewall = program.Firewall.IsOn, LimitsBandwidth = program.LimitsBandwidth, CheckNetworks = CheckNetworksOf() },
            Discovery = reader.Discovery(members),
            MemberTimes = reader.Times(),
            FederationMode = reader.Mode(),
            Classes = new ClassOptions(document.GetString("ingress.controller-name"), document.GetBoolean("ingress.watch-without-class")),
            Endpoints = new EndpointOptions(
                document.GetBoolean("endpoints.allow-loopback"), Family(), document.GetBoolean("endpoints.damp-flapping")),
            HAProxyBinary = document.GetString("haproxy.binary"),
            StateDirectory = stateDirectory,
            TcpServices = settings.TcpServices(),
            HeaderMaps = settings.HeaderMaps(),
            ParametersNamespace = settings.ParametersNamespace(),
            PodLabels = settings.PodLabels(),
            Program = program,
            CaFile = Text("haproxy.ca-file") is { } authorities ? Path.GetFullPath(authorities) : null,
            StartFileDelay = Positive("haproxy.start-file-delay", TimeSpan.FromSeconds(1)),
            VerifyInterval = Positive("haproxy.verify-interval", TimeSpan.FromDays(1)),
            MemberTimeout = Positive("startup.member-timeout", TimeSpan.FromDays(1)),
            StatusAddresses = StatusAddresses().Distinct(StringComparer.Ordinal).ToEquatableArray(),
            Admin = AdminOptions.Read(document, _errors),
            Metrics = MetricsOptions.Read(document, _errors),
            Acme = AcmeHostOptions.Read(document, nodeDirectory, _errors),
            LogLevel = Level(),
            LogJson = OneOf("log.format", "text", "json") == "json",
        };
        if (options.Members.IsEmpty && node.Role != Role.Proxy)
            _errors.Add(document.Error("members", "is empty: name at least one member with manifests, kubeconfig or in-cluster"));
        if (_errors.Count > 0)
            throw new HoconException(_errors);
        string?[] own = [options.Admin.Listen, options.Node.Listen, options.Metrics.Listen];
        return options with { Program = options.Program with { OwnAddresses = own.OfType<string>().ToEquatableArray() } };
    }

    private ProgramOptions Program()
    {
        var binds = Binds("haproxy.listen.http", tls: false).Concat(Binds("haproxy.listen.https", tls: true)).ToEquatableArray();
        if (binds.IsEmpty)
            _errors.Add(document.Error("haproxy.listen", "names no address to listen on"));
        return new ProgramOptions
        {
            Binds = binds,
            Threads = AtLeast("haproxy.threads", 0),
            MaxConnections = AtLeast("haproxy.max-connections", 0),
            PoolSize = AtLeast("haproxy.pool-size", 1),
            AccessLog = Line("haproxy.access-log"),
            LogReceiver = LogReceiverReader.Read(document, _errors),
            StrictSni = document.GetBoolean("haproxy.tls.strict-sni"),
            MinTlsVersion = MinTlsVersion(),
            User = Line("haproxy.user"),
            Group = Line("haproxy.group"),
            Locality = new ProxyLocality(Text("proxy.region") ?? "", Text("proxy.zone") ?? ""),
            Checks = new CheckOptions(
                Positive("haproxy.health-checks.interval", TimeSpan.FromHours(1)),
                AtLeast("haproxy.health-checks.fall", 1),
                AtLeast("haproxy.health-checks.rise", 1),
                AtLeast("haproxy.health-checks.max-servers", 0)),
            SessionKey = SessionKey(),
            Firewall = Firewall(),
            LimitsBandwidth = document.GetBoolean("haproxy.bandwidth-limits"),
            Timeouts = new TimeoutOptions
            {
                Connect = Timeout("connect"),
                Client = Timeout("client"),
                Server = Timeout("server"),
                HttpRequest = Timeout("http-request"),
                KeepAlive = Timeout("keep-alive"),
                Queue = Timeout("queue"),
                Tunnel = Timeout("tunnel"),
                HardStopAfter = Timeout("hard-stop-after"),
            },
        };
    }

    private EquatableArray<string> CheckNetworksOf()
    {
        const string Path = "haproxy.health-checks.addresses";
        var networks = CheckNetworks.Read(document.GetStringList(Path));
        if (networks is null)
            _errors.Add(document.Error(Path, $"holds what is none; write {CheckNetworks.Meant}"));
        return networks ?? [];
    }

    private FirewallOptions Firewall()
    {
        const string Path = "haproxy.waf";
        var texts = document.GetStringList($"{Path}.endpoints");
        var endpoints = texts.Count == 0 ? [] : FirewallWords.Endpoints(texts);
        if (endpoints is null)
            _errors.Add(document.Error($"{Path}.endpoints", $"holds what is no address with a port; write {FirewallWords.EndpointsMeant}"));
        var words = Text($"{Path}.arguments");
        var arguments = words is null ? null : FirewallWords.Arguments(words);
        if (words is not null && arguments is null)
            _errors.Add(document.Error($"{Path}.arguments", $"holds what is not sent; write {FirewallWords.ArgumentsMeant}, with NAME= before each perhaps"));
        return new FirewallOptions
        {
            Endpoints = endpoints ?? [],
            Kind = OneOf($"{Path}.kind", "modsecurity", "coraza") == "coraza" ? FirewallKind.Coraza : FirewallKind.ModSecurity,
            Arguments = arguments,
            Connect = Of("connect"),
            Hello = Of("hello"),
            Idle = Of("idle"),
            Processing = Of("processing"),
            Server = Of("server"),
        };

        TimeSpan Of(string name) => Positive($"{Path}.timeouts.{name}", TimeSpan.FromHours(1));
    }

    private string MinTlsVersion()
    {
        var text = document.GetString("haproxy.tls.min-version");
        if (text is not ("1.0" or "1.1" or "1.2" or "1.3"))
            _errors.Add(document.Error("haproxy.tls.min-version", "must be 1.0, 1.1, 1.2 or 1.3"));
        return $"TLSv{text}";
    }

    /// <summary>Goes into the program's text, so that it is one word of letters and digits.</summary>
    private string SessionKey()
    {
        var text = document.GetString("haproxy.session-key");
        if (text.Length is < 8 or > 64 || !text.All(char.IsAsciiLetterOrDigit))
            _errors.Add(document.Error("haproxy.session-key", "must be 8 to 64 letters and digits"));
        return text;
    }

    private string? Text(string path) => document.Has(path) ? document.GetString(path) : null;

    private IEnumerable<BindOptions> Binds(string path, bool tls)
    {
        foreach (var address in document.GetStringList(path))
        {
            if (address.Length == 0 || address.Any(static c => char.IsWhiteSpace(c) || char.IsControl(c)) || !address.Contains(':', StringComparison.Ordinal))
                _errors.Add(document.Error(path, $"holds \"{address}\", which is no address with a port such as \"*:80\""));
            else
                yield return new BindOptions(address, tls);
        }
    }

    private IEnumerable<string> StatusAddresses()
    {
        foreach (var text in document.GetStringList("status.addresses"))
        {
            if (PublishedAddress.Read(text) is { } address)
                yield return address;
            else
                _errors.Add(document.Error("status.addresses", $"holds \"{text}\", which is no IP address that others can reach and no DNS name; write one such as 203.0.113.10, 2001:db8::10 or lb.example, without scheme, brackets and port"));
        }
    }

    /// <summary>Goes into the program's text as it is: the operator's own word, but one line.</summary>
    private string? Line(string path)
    {
        if (!document.Has(path))
            return null;
        var text = document.GetString(path);
        if (text.Any(char.IsControl))
            _errors.Add(document.Error(path, "must be one line without control characters"));
        return text;
    }

    private TimeSpan Timeout(string name) => Positive($"haproxy.timeouts.{name}", TimeSpan.FromDays(24));

    private TimeSpan Positive(string path, TimeSpan limit)
    {
        var value = document.GetDuration(path);
        if (value < TimeSpan.FromMilliseconds(1) || value > limit)
            _errors.Add(document.Error(path, $"must be between 1ms and {limit}"));
        return value;
    }

    private int AtLeast(string path, int least)
    {
        var value = document.GetInt(path);
        if (value < least)
            _errors.Add(document.Error(path, $"must be at least {least}"));
        return value;
    }

    private AddressFamily Family() => OneOf("endpoints.prefer-family", "ipv4", "ipv6") == "ipv6" ? AddressFamily.IPv6 : AddressFamily.IPv4;

    private LogLevel Level() => OneOf("log.level", "trace", "debug", "info", "warn", "error") switch
    {
        "trace" => LogLevel.Trace,
        "debug" => LogLevel.Debug,
        "warn" => LogLevel.Warning,
        "error" => LogLevel.Error,
        _ => LogLevel.Information,
    };

    private string OneOf(string path, params ReadOnlySpan<string> words)
    {
        var value = document.GetString(path);
        if (!words.Contains(value))
            _errors.Add(document.Error(path, $"must be one of {string.Join(", ", words.ToArray())}, but is \"{value}\""));
        return value;
    }
}
