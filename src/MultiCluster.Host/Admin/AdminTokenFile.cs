using Microsoft.Extensions.Logging;

namespace MultiCluster.Host.Admin;

/// <summary>The file of tokens, read again when it has changed; one that is no good changes nothing.</summary>
internal sealed partial class AdminTokenFile
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    private readonly Lock _gate = new();
    private readonly string _path;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private AdminTokens _tokens;
    private (DateTime, long) _stamp;
    private long _looked;

    private AdminTokenFile(string path, AdminTokens tokens, (DateTime, long) stamp, TimeProvider time, ILogger logger)
    {
        _path = path;
        _tokens = tokens;
        _stamp = stamp;
        _time = time;
        _logger = logger;
        _looked = time.GetTimestamp();
    }

    public AdminTokens Current
    {
        get
        {
            lock (_gate)
            {
                if (_time.GetElapsedTime(_looked) < Patience)
                    return _tokens;
                _looked = _time.GetTimestamp();
                var stamp = StampOf(_path);
                if (stamp == _stamp)
                    return _tokens;
                _stamp = stamp;
                var (tokens, error) = Read(_path);
                if (tokens is not null)
                    _tokens = tokens;
                else
                    LogNotReplaced(_logger, error!);
                return _tokens;
            }
        }
    }

    public static (AdminTokenFile? File, string? Error) Open(string path, TimeProvider time, ILogger logger)
    {
        var stamp = StampOf(path);
        var (tokens, error) = Read(path);
        return tokens is null ? (null, error) : (new AdminTokenFile(path, tokens, stamp, time, logger), null);
    }

    private static (DateTime, long) StampOf(string path)
    {
        var file = new FileInfo(path);
        if (!file.Exists)
            return default;
        // Of what a link leads to: Kubernetes replaces the link of a mounted Secret.
        var target = file.ResolveLinkTarget(returnFinalTarget: true) as FileInfo ?? file;
        return (target.LastWriteTimeUtc, target.Exists ? target.Length : 0);
    }

    private static (AdminTokens? Tokens, string? Error) Read(string path)
    {
        try
        {
            var (tokens, error) = AdminTokens.Parse(File.ReadAllText(path));
            return (tokens, error is null ? null : $"{path}: {error}");
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            return (null, failure.Message);
        }
    }

    [LoggerMessage(3120, LogLevel.Warning, "The tokens of the admin API stay as they were: {Reason}")]
    private static partial void LogNotReplaced(ILogger logger, string reason);
}
