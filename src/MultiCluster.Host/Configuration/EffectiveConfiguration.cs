using MultiCluster.Hocon;

namespace MultiCluster.Host.Configuration;

/// <summary>The configuration as it counts, for people: it may be shown to others.</summary>
public static class EffectiveConfiguration
{
    /// <summary>
    /// A connection string holds a password in one of several spellings, so none of it is shown. "stats-auth" of the settings is a name with a password.
    /// Keys such as cluster.tls.key name files, and which one is what people want to see.
    /// </summary>
    private static readonly Redaction Secrets = new(
        ["token", "password", "secret", "auth"], "haproxy.session-key", "persistence.postgresql.connection");

    public static string Print(HoconDocument document) =>
        document.Print(Secrets, static origin => origin.File == HostConfiguration.ReferenceName && origin.Variable is null ? "default" : origin.ToString());
}
