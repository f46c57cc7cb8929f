namespace MultiCluster.EndToEnd.Tests.Deploy;

/// <summary>A unit of deploy/systemd: its settings in order, with the values that a directive was given.</summary>
internal sealed class SystemdUnit
{
    private readonly List<(string Section, string Key, string Value)> _settings = [];

    private SystemdUnit(string text) => Text = text;

    public string Text { get; }

    public IEnumerable<(string Section, string Key)> Directives => _settings.Select(static setting => (setting.Section, setting.Key));

    public static string Folder
    {
        get
        {
            var directory = AppContext.BaseDirectory;
            while (!File.Exists(Path.Combine(directory, "MultiCluster.sln")))
                directory = Path.GetDirectoryName(directory) ?? throw new InvalidOperationException("not in the repository");
            return Path.Combine(directory, "deploy", "systemd");
        }
    }

    /// <param name="role">controller or proxy.</param>
    public static SystemdUnit Read(string role)
    {
        var unit = new SystemdUnit(File.ReadAllText(Path.Combine(Folder, $"multicluster-{role}.service")));
        var section = "";
        foreach (var line in unit.Text.Split('\n').Select(static line => line.Trim()).Where(static line => line.Length > 0 && line[0] != '#'))
        {
            if (line[0] == '[')
                section = line.Trim('[', ']');
            else if (line.Split('=', 2) is [var key, var value])
                unit._settings.Add((section, key, value));
            else
                throw new InvalidDataException($"no setting: {line}");
        }
        return unit;
    }

    public IReadOnlyList<string> Values(string section, string key) => [.. _settings.Where(setting => setting.Section == section && setting.Key == key).Select(static setting => setting.Value)];
}
