using MultiCluster.HAProxy.Program;

namespace MultiCluster.HAProxy.Runtime.Logs;

/// <summary>Where lines of the access log go. Of one batch at a time.</summary>
internal interface ILogTarget : IDisposable
{
    /// <param name="lines">Each with its end.</param>
    /// <returns>Null, or why it did not take them all.</returns>
    ValueTask<string?> WriteAsync(ReadOnlyMemory<byte> lines, CancellationToken cancellationToken);

    static ILogTarget Of(LogOutput output, TimeProvider time) => output switch
    {
        LogOutput.File file => new FileTarget(file.Path),
        LogOutput.SyslogUdp syslog => SyslogTarget.Udp(syslog.Host, syslog.Port, time),
        LogOutput.SyslogSocket socket => SyslogTarget.Local(socket.Path, time),
        _ => new StreamTarget(Console.OpenStandardOutput()),
    };
}

/// <summary>Standard output, of which lines of our own log are a part perhaps: a batch is one write, so that no line is divided.</summary>
internal sealed class StreamTarget(Stream stream) : ILogTarget
{
    public async ValueTask<string?> WriteAsync(ReadOnlyMemory<byte> lines, CancellationToken cancellationToken)
    {
        try
        {
            await stream.WriteAsync(lines, cancellationToken);
            await stream.FlushAsync(cancellationToken);
            return null;
        }
        catch (IOException failure)
        {
            return failure.Message;
        }
    }

    public void Dispose() => stream.Dispose();
}
