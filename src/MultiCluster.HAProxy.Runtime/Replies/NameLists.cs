namespace MultiCluster.HAProxy.Runtime.Replies;

/// <summary>Replies that are a name per line under a title line.</summary>
public static class NameLists
{
    /// <summary><c>show backend</c>.</summary>
    public static Outcome<IReadOnlyList<string>> ParseBackends(string reply) => reply.StartsWith("# name", StringComparison.Ordinal)
        ? Names(reply)
        : new Failure($"Not a listing of backends: {ReplyText.Excerpt(reply)}");

    /// <summary><c>show ssl crt-list</c>: the lists' files. Empty when the configuration has none.</summary>
    public static Outcome<IReadOnlyList<string>> ParseCertificateLists(string reply) => Names(reply);

    private static Outcome<IReadOnlyList<string>> Names(string reply) => new(
        reply.Split('\n', StringSplitOptions.RemoveEmptyEntries).Where(line => line[0] != '#').ToArray());
}
