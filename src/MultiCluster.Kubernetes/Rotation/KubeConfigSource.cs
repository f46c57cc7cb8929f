using MultiCluster.Kubernetes.Client;

namespace MultiCluster.Kubernetes.Rotation;

/// <summary>A kubeconfig that may become another one at any time. Thread-safe.</summary>
public abstract class KubeConfigSource
{
    private protected KubeConfigSource(string description) => Description = description;

    /// <summary>For people.</summary>
    public string Description { get; }

    /// <summary>Raised when there is something new to read, by sources that know; on any thread.</summary>
    internal event EventHandler? Changed;

    /// <param name="path">Looked at every few seconds by content, so that files that are swapped by a link, as in mounted Secrets, are seen.</param>
    /// <param name="context">Null for the file's current-context.</param>
    public static KubeConfigSource File(string path, string? context = null)
    {
        var full = Path.GetFullPath(path);
        return new FileKubeConfigSource($"kubeconfig {full}", full, () => KubeConfig.Load(full, context));
    }

    /// <summary>The service account that Kubernetes mounts into a pod.</summary>
    public static KubeConfigSource InCluster() => new FileKubeConfigSource("service account", null, KubeConfig.InCluster);

    /// <summary>The same instance while nothing has changed.</summary>
    internal abstract KubeConfigResult Read();

    private protected void RaiseChanged() => Changed?.Invoke(this, EventArgs.Empty);
}

/// <summary>A kubeconfig that somebody else brings, such as the content of a Secret that is watched.</summary>
public sealed class KubeConfigSlot(string description) : KubeConfigSource(description)
{
    private readonly Lock _lock = new();
    private KubeConfigResult _result = new(null, $"{description} has not come yet");

    public void Set(KubeConfigResult result)
    {
        lock (_lock)
            _result = result;
        RaiseChanged();
    }

    internal override KubeConfigResult Read()
    {
        lock (_lock)
            return _result;
    }
}

/// <summary>Files, read again when the content of one of them has changed.</summary>
/// <param name="path">Null when there is no kubeconfig as such.</param>
internal sealed class FileKubeConfigSource(string description, string? path, Func<KubeConfigResult> load) : KubeConfigSource(description)
{
    private readonly Lock _lock = new();
    private IReadOnlyList<string> _files = path is null ? [] : [path];
    private KubeConfigResult? _result;
    private string _content = "";

    internal override KubeConfigResult Read()
    {
        lock (_lock)
        {
            // Hashed before it is read: what changes in between is read again the next time.
            var content = ContentHash.Of(_files);
            if (_result is { } known && string.Equals(content, _content, StringComparison.Ordinal))
                return known;
            var loaded = load();
            IReadOnlyList<string> files = [.. path is null ? [] : new[] { path }, .. loaded.Config?.Files ?? []];
            _content = files.SequenceEqual(_files, StringComparer.Ordinal) ? content : "";
            _files = files;
            _result = loaded;
            return loaded;
        }
    }
}
