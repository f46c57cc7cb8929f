using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using System.Text.Json;
using MultiCluster.HAProxy.Data;
using MultiCluster.HAProxy.Planning;
using MultiCluster.HAProxy.Policies;
using MultiCluster.HAProxy.Traffic;

namespace MultiCluster.HAProxy.Program;

/// <summary>Renders the start file from desired data. Blocks of backends are kept and rendered again only when they change.</summary>
public sealed class StartFileRenderer(ProgramOptions options, ProgramPaths paths, ProxyFeatures features, string defaultCertificatePem)
{
    private readonly Dictionary<string, string> _blankSlots = new(StringComparer.Ordinal);

    /// <summary>Of the program that <see cref="Render"/> writes.</summary>
    public ProgramIdentity Identity() => ProgramRenderer.Identity(options, paths, features);

    /// <param name="program">A program that HAProxy runs already, to be kept; null for that of our options.</param>
    /// <param name="leaveOut">Certificate files that HAProxy refuses: with them it would not start.</param>
    public StartFile Render(DesiredData desired, string? program = null, IReadOnlySet<string>? leaveOut = null)
    {
        // A line whose authorities are left out would keep HAProxy from starting.
        var certificates = desired.Certificates.Values
            .Where(file => leaveOut?.Contains(file.FileName) != true && file.Handshake?.Files.Any(trust => leaveOut?.Contains(trust.FileName) == true) != true).ToList();
        var parts = ImmutableArray.CreateBuilder<StartFilePart>();
        certificates.AddRange(desired.Identities.Where(file => leaveOut?.Contains(file.FileName) != true));
        program ??= ProgramRenderer.Render(options, paths, features);
        parts.Add(new StartFilePart(ProgramPaths.Config, Config(desired, leaveOut, program)));
        if (FirewallSection.FileOf(program) is { } firewall)
            parts.Add(new StartFilePart(ProgramPaths.Firewall, firewall));
        foreach (var map in RouteMaps.All)
            parts.Add(new StartFilePart(RouteMaps.File(map), MapText(desired.Map(map))));
        parts.Add(new StartFilePart(ProgramPaths.Script, PolicyScript.Text));
        parts.Add(new StartFilePart(ProgramPaths.CertificateList, CertificateList(certificates.Where(static file => !ServerFiles.IsIdentity(file.FileName)))));
        parts.Add(new StartFilePart(ProgramPaths.DefaultCertificate, DefaultCertificate(desired, leaveOut)));
        if (options.Authorities is { } authorities)
            parts.Add(new StartFilePart(ProgramPaths.Authorities, authorities.Pem));
        foreach (var file in desired.Trust.Where(file => leaveOut?.Contains(file.FileName) != true))
            parts.Add(new StartFilePart(file.FileName, [$"{file.Pem}\n".AsMemory()], Sealed: true));
        foreach (var file in certificates)
            parts.Add(new StartFilePart(file.FileName, [Encoding.ASCII.GetString(file.Certificate.Pem.Reveal().Span).AsMemory()], Sealed: true));
        parts.Add(new StartFilePart(ProgramPaths.Metadata, JsonSerializer.Serialize(new StartFileMetadata(Slots(desired, default), desired.Version))));
        return new StartFile(desired.Version, parts.DrainToImmutable());
    }

    private string DefaultCertificate(DesiredData desired, IReadOnlySet<string>? leaveOut) =>
        desired.DefaultCertificate is { } given && leaveOut?.Contains(ProgramPaths.DefaultCertificate) != true
            ? Encoding.ASCII.GetString(given.Pem.Reveal().Span)
            : defaultCertificatePem;

    /// <summary>The options may want more than HAProxy has now: blank ones cost no reload of their own.</summary>
    private int Slots(DesiredData desired, BackendProfile profile) =>
        features.DynamicBackends ? 0 : Math.Max(desired.Pool.SizeOf(profile), SlotsOf(options, profile));

    /// <summary>Slots of a profile that the options ask for.</summary>
    public static int SlotsOf(ProgramOptions options, BackendProfile profile) =>
        profile == default ? options.PoolSize : profile.IsTcp && options.TcpPorts.IsEmpty ? 0 : options.PolicyPoolSize;

    private ImmutableArray<ReadOnlyMemory<char>> Config(DesiredData desired, IReadOnlySet<string>? leaveOut, string program)
    {
        var chunks = ImmutableArray.CreateBuilder<ReadOnlyMemory<char>>(desired.Pool.Size + 1);
        chunks.Add(program.AsMemory());
        foreach (var profile in BackendProfile.All)
        {
            var slots = Slots(desired, profile);
            for (var i = 0; i < slots; i++)
            {
                var name = ProgramRenderer.SlotName(profile, i);
                chunks.Add((desired.Find(name) is { } slot ? Block(slot, leaveOut) : Blank(name, profile)).AsMemory());
            }
        }

        if (features.DynamicBackends)
        {
            foreach (var backend in desired.Backends.Where(static b => b.Name is not null).OrderBy(static b => b.Name, StringComparer.Ordinal))
                chunks.Add(Block(backend, leaveOut).AsMemory());
        }

        return chunks.DrainToImmutable();
    }

    private string Blank(string name, BackendProfile profile)
    {
        if (!_blankSlots.TryGetValue(name, out var text))
            _blankSlots.Add(name, text = $"backend {name} from {profile.Defaults}\n");
        return text;
    }

    /// <summary>A server that drains gets nothing from a HAProxy that starts anew, so it is disabled until it is told to drain.</summary>
    private string Block(DesiredBackend backend, IReadOnlySet<string>? leaveOut)
    {
        // A server whose files are left out would keep HAProxy from starting.
        if (leaveOut is { Count: > 0 } && backend.Key.Variant?.Tls is { } tls && tls.Files.Any(leaveOut.Contains))
            return string.Create(CultureInfo.InvariantCulture, $"backend {backend.Name} from {backend.Key.Profile.Defaults}\n");
        if (backend.Rendered is { } kept)
            return kept;
        var text = new StringBuilder(64 + (backend.Servers.Count * 96));
        text.Append(CultureInfo.InvariantCulture, $"backend {backend.Name} from {backend.Key.Profile.Defaults}\n");
        foreach (var server in backend.Servers.Values.OrderBy(static server => server.Name, StringComparer.Ordinal))
            text.Append(CultureInfo.InvariantCulture, $"    server {server.Name} {server.Endpoint}{ServerLines.Options(server, options.Checks, paths, features, isInFile: true)}{(server.IsDraining ? " disabled" : "")}\n");
        return backend.Rendered = text.ToString();
    }

    /// <summary>In the builder's own pieces: a map of thousands of entries in one string would go to the large object heap each time.</summary>
    private static ImmutableArray<ReadOnlyMemory<char>> MapText(IReadOnlyDictionary<string, string> entries)
    {
        var text = new StringBuilder();
        foreach (var (key, value) in entries)
            text.Append(key).Append(' ').Append(value).Append('\n');
        var chunks = ImmutableArray.CreateBuilder<ReadOnlyMemory<char>>();
        foreach (var chunk in text.GetChunks())
            chunks.Add(chunk);
        return chunks.DrainToImmutable();
    }

    /// <summary>HAProxy takes the first line as the default certificate: what is served to names that no Secret covers.</summary>
    private string CertificateList(IEnumerable<CertificateFile> certificates)
    {
        var text = new StringBuilder();
        text.Append(paths.Full(ProgramPaths.DefaultCertificate)).Append('\n');
        foreach (var file in certificates)
            text.Append(file.ListLine(paths)).Append('\n');
        return text.ToString();
    }
}
