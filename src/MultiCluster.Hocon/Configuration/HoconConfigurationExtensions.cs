using Microsoft.Extensions.Configuration;

namespace MultiCluster.Hocon;

public static class HoconConfigurationExtensions
{
    /// <summary>Adds a file over the defaults of <paramref name="schema"/>.</summary>
    /// <param name="builder">The builder.</param>
    /// <param name="path">The user's file.</param>
    /// <param name="environment">Environment variables that substitutions may read.</param>
    /// <param name="schema">The reference; without one there are no defaults and no check.</param>
    /// <param name="files">The file system by default.</param>
    public static IConfigurationBuilder AddHocon(
        this IConfigurationBuilder builder,
        string path,
        Func<string, string?> environment,
        HoconSchema? schema = null,
        IHoconFiles? files = null)
    {
        var loader = new HoconLoader(files ?? new DiskHoconFiles(), environment);
        return builder.Add(new HoconConfigurationSource(() => loader.Load(path, schema)));
    }

    /// <summary>Adds a document that was loaded before.</summary>
    public static IConfigurationBuilder AddHocon(this IConfigurationBuilder builder, HoconDocument document) =>
        builder.Add(new HoconConfigurationSource(() => document));
}
