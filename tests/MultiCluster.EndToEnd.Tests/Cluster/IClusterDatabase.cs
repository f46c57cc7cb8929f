namespace MultiCluster.EndToEnd.Tests.Cluster;

/// <summary>The database that controllers share, which a test stops and starts.</summary>
internal interface IClusterDatabase : IAsyncDisposable
{
    /// <summary>Lines of the configuration file of a controller.</summary>
    string ConfigurationOf(string node);

    Task StopAsync();

    Task StartAsync();

    /// <summary>Cuts one controller off; nothing where there is no network in between.</summary>
    void CutOff(string node);

    void Mend();
}

/// <summary>Which one.</summary>
public enum DatabaseKind
{
    Sqlite,
    PostgreSql,
}
