using System.Globalization;

namespace MultiCluster.HAProxy.Runtime.Replies;

/// <summary><c>show info</c>.</summary>
public sealed record WorkerInfo(IReadOnlyDictionary<string, string> Fields)
{
    public int Pid => Number("Pid");

    public string Version => Text("Version");

    public TimeSpan Uptime => TimeSpan.FromSeconds(Number("Uptime_sec"));

    public string Node => Text("node");

    /// <summary>Empty unless the configuration has one.</summary>
    public string Description => Text("description");

    public int MaxConnections => Number("Maxconn");

    public int CurrentConnections => Number("CurrConns");

    /// <summary>A worker that a reload has replaced, finishing its connections.</summary>
    public bool IsStopping => Number("Stopping") != 0;

    public static Outcome<WorkerInfo> Parse(string reply)
    {
        var fields = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var line in reply.AsSpan().EnumerateLines())
        {
            if (line.IndexOf(": ") is var colon && colon > 0)
                fields[line[..colon].ToString()] = line[(colon + 2)..].ToString();
        }

        var info = new WorkerInfo(fields);
        return info.Pid > 0 && info.Version.Length > 0 ? info : new Failure($"No answer to \"show info\": {ReplyText.Excerpt(reply)}");
    }

    private string Text(string name) => Fields.GetValueOrDefault(name, "");

    private int Number(string name) =>
        int.TryParse(Text(name), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : 0;
}
