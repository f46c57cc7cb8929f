using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using System.Text.Json;
using MultiCluster.HAProxy.Data;
using MultiCluster.HAProxy.Planning;

namespace MultiCluster.HAProxy.Program;

/// <summary>Renders the start file from desired data. Blocks of backends are kept and rendered again only when they change.</summary>
public sealed class StartFileRenderer(ProgramOptions options, ProgramPaths paths, ProxyFeatures features, string defaultCertificatePem)
{
    private readonly Dictionary<int, string> _blankSlots = [];

    /// <summary>Hash of the program with the pool as it is now.</summary>
    public string ProgramHash(DesiredData desired) => ProgramRenderer.Hash(WithPool(desired), paths, features);

    public StartFile Render(DesiredData desired)
    {
        var parts = ImmutableArray.CreateBuilder<StartFilePart>();
        parts.Add(new StartFilePart(ProgramPaths.Config, Config(desired)));
        foreach (var map in RouteMaps.All)
            parts.Add(new StartFilePart(RouteMaps.File(map), MapText(desired.Map(map))));
        parts.Add(new StartFilePart(ProgramPaths.CertificateList, CertificateList(desired)));
        parts.Add(new StartFilePart(ProgramPaths.DefaultCertificate, defaultCertificatePem));
        foreach (var file in desired.Certificates.Values)
            parts.Add(new StartFilePart(file.FileName, [Encoding.ASCII.GetString(file.Certificate.Pem.Reveal().Span).AsMemory()], Sealed: true));
        var metadata = new StartFileMetadata(ProgramHash(desired), desired.Pool.Size, desired.Version);
        parts.Add(new StartFilePart(ProgramPaths.Metadata, JsonSerializer.Serialize(metadata)));
        return new StartFile(desired.Version, parts.DrainToImmutable());
    }

    private ProgramOptions WithPool(DesiredData desired) => options with { PoolSize = desired.Pool.Size };

    private ImmutableArray<ReadOnlyMemory<char>> Config(DesiredData desired)
    {
        var chunks = ImmutableArray.CreateBuilder<ReadOnlyMemory<char>>(desired.Pool.Size + 1);
        chunks.Add(ProgramRenderer.Render(WithPool(desired), paths, features).AsMemory());
        for (var i = 0; i < desired.Pool.Size; i++)
        {
            var slot = desired.Find(ProgramRenderer.SlotName(i));
            chunks.Add((slot is null ? Blank(i) : Block(slot)).AsMemory());
        }

        if (features.DynamicBackends)
        {
            foreach (var backend in desired.Backends.Where(static b => b.Name is not null).OrderBy(static b => b.Name, StringComparer.Ordinal))
                chunks.Add(Block(backend).AsMemory());
        }

        return chunks.DrainToImmutable();
    }

    private string Blank(int index)
    {
        if (!_blankSlots.TryGetValue(index, out var text))
            _blankSlots.Add(index, text = $"backend {ProgramRenderer.SlotName(index)} from {ProgramRenderer.SlotDefaults}\n");
        return text;
    }

    private static string Block(DesiredBackend backend)
    {
        if (backend.Rendered is { } kept)
            return kept;
        var text = new StringBuilder(64 + (backend.Servers.Count * 96));
        text.Append(CultureInfo.InvariantCulture, $"backend {backend.Name} from {ProgramRenderer.SlotDefaults}\n");
        foreach (var server in backend.Servers.Values.OrderBy(static server => server.Name, StringComparer.Ordinal))
            text.Append(CultureInfo.InvariantCulture, $"    server {server.Name} {server.Endpoint} {Commands.ServerParameters}\n");
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
    private string CertificateList(DesiredData desired)
    {
        var text = new StringBuilder();
        text.Append(paths.Full(ProgramPaths.DefaultCertificate)).Append('\n');
        foreach (var file in desired.Certificates.Values)
            text.Append(file.ListLine(paths)).Append('\n');
        return text.ToString();
    }
}
