using MultiCluster.Hocon;
using MultiCluster.Host.Configuration;

namespace MultiCluster.EndToEnd.Tests.Configuration;

/// <summary>A configuration file of the test's own.</summary>
internal sealed class ConfigurationFile : IDisposable
{
    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("mc-conf-");

    public string Path => System.IO.Path.Combine(_directory.FullName, "multicluster.conf");

    public static HostOptions Read(string text, bool looks = false)
    {
        using var file = new ConfigurationFile();
        File.WriteAllText(file.Path, text);
        return HostConfiguration.Load(file.Path, static _ => null, looks ? null : static _ => null);
    }

    /// <summary>The errors, one a line; the file is called "it".</summary>
    /// <param name="looks">Whether it is checked what members are read from.</param>
    public static string Errors(string text, bool looks = false)
    {
        using var file = new ConfigurationFile();
        File.WriteAllText(file.Path, text);
        var failure = Assert.Throws<HoconException>(() => HostConfiguration.Load(file.Path, static _ => null, looks ? null : static _ => null));
        return failure.Message.Replace(file.Path, "it", StringComparison.Ordinal);
    }

    public void Dispose() => _directory.Delete(recursive: true);
}
