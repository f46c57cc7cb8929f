namespace MultiCluster.HAProxy.Program;

/// <summary>Sockets that HAProxy connects to itself.</summary>
internal static class InnerSocket
{
    /// <summary>It makes them before it becomes its user, who could not connect to them then.</summary>
    public static string Rights(ProgramOptions options) => options.User is { } user ? $"mode 600 user {user}" : "mode 600";
}
