using Microsoft.Extensions.Configuration;
using MultiCluster.Hocon.Configuration;

namespace MultiCluster.Hocon;

/// <summary>HOCON as a source of Microsoft.Extensions.Configuration; the document is loaded when the provider is.</summary>
public sealed class HoconConfigurationSource(Func<HoconDocument> load) : IConfigurationSource
{
    public IConfigurationProvider Build(IConfigurationBuilder builder) => new HoconConfigurationProvider(load);
}

public sealed class HoconConfigurationProvider(Func<HoconDocument> load) : ConfigurationProvider
{
    /// <summary>The document of the last load, for what the flat keys don't say: origins, order, types.</summary>
    public HoconDocument? Document { get; private set; }

    /// <exception cref="HoconException">A file is missing, faulty or does not fit the schema; the last good values stay.</exception>
    public override void Load()
    {
        var document = load();
        Data = ConfigurationFlattener.Flatten(document);
        Document = document;
    }
}
