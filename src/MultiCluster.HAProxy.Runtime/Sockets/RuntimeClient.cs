using System.Net.Sockets;
using MultiCluster.HAProxy.Planning;

namespace MultiCluster.HAProxy.Runtime.Sockets;

/// <summary>
/// One connection to a worker's stats socket, for one writer. A batch is written while its replies are read, so that no
/// buffer between the two sides can block them, and closed by a fence: a command whose reply is known. A fence that answers
/// something else means that a reply was cut wrongly or a command ran that nobody sent; then the connection is closed and
/// no reply of the batch is handed out.
/// <para>
/// A connection stays with its worker: after a reload it still talks to the old one and keeps it from exiting. Dispose it and
/// connect again.
/// </para>
/// </summary>
public sealed partial class RuntimeClient : IAsyncDisposable
{
    // A worker closes an idle connection after "stats timeout" (10 s by default); this lasts for this connection only.
    private const string KeepOpen = "set timeout cli 86400";
    private const string Prompt = "prompt";
    private const string Fence = "show cli level";
    private const string FenceReply = "admin";
    private const int NoFault = -1;

    private readonly Socket _socket;
    private readonly TimeProvider _time;
    private readonly RuntimeClientOptions _options;
    private readonly ReplyBuffer _replies = new();
    private readonly ITimer _silence;
    private byte[] _outgoing = new byte[64 * 1024];
    private int _busy;
    private long _lastByte;
    private int _fault = NoFault; // set once, from whichever thread sees it first

    private RuntimeClient(Socket socket, string socketPath, TimeProvider time, RuntimeClientOptions options)
    {
        _socket = socket;
        SocketPath = socketPath;
        _time = time;
        _options = options;
        _silence = time.CreateTimer(static self => ((RuntimeClient)self!).OnSilenceTimer(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    public string SocketPath { get; }

    /// <summary>Nothing can be sent any more: dispose it and connect again.</summary>
    public bool IsBroken => Fault is not null;

    private RuntimeFault? Fault => Volatile.Read(ref _fault) is var fault and not NoFault ? (RuntimeFault)fault : null;

    /// <summary>Whether a transcript's line is one that the client adds on its own.</summary>
    public static bool IsFraming(string sent) => sent is Prompt or KeepOpen or Fence;

    /// <exception cref="RuntimeConnectionException">Nobody listens, or what listens is no HAProxy with level admin.</exception>
    public static async Task<RuntimeClient> ConnectAsync(
        string socketPath, TimeProvider time, RuntimeClientOptions? options, CancellationToken cancellationToken)
    {
        var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            await socket.ConnectAsync(new UnixDomainSocketEndPoint(socketPath), cancellationToken);
        }
        catch (Exception failure) when (failure is SocketException or ArgumentOutOfRangeException)
        {
            socket.Dispose();
            throw new RuntimeConnectionException(
                RuntimeFault.Unreachable, socketPath, 0, $"HAProxy's worker socket {socketPath} can't be reached: {failure.Message}", failure);
        }
        catch
        {
            socket.Dispose();
            throw;
        }

        var client = new RuntimeClient(socket, socketPath, time, options ?? RuntimeClientOptions.Default);
        try
        {
            await client.OpenAsync(cancellationToken);
            return client;
        }
        catch
        {
            await client.DisposeAsync();
            throw;
        }
    }

    /// <summary>Null, or why <paramref name="command"/> can't be sent, such as a certificate that does not fit HAProxy's buffer.</summary>
    public string? Problem(RuntimeCommand command) => CommandText.Problem(command, _options.BufferSize);

    /// <summary>All commands pipelined; the reply of each, without the blank line at its end.</summary>
    /// <exception cref="ArgumentException">A command that <see cref="Problem"/> refuses; nothing was sent.</exception>
    /// <exception cref="RuntimeConnectionException">The connection is broken.</exception>
    /// <exception cref="OperationCanceledException">Replies may be under way, therefore the connection is broken as well.</exception>
    public async ValueTask<string[]> ExecuteAsync(IReadOnlyList<RuntimeCommand> commands, CancellationToken cancellationToken)
    {
        if (commands.Count == 0)
            return [];
        foreach (var command in commands)
        {
            if (Problem(command) is { } problem)
                throw new ArgumentException($"Not sent: {problem}: {CommandText.Show(command with { IsSecret = true })}", nameof(commands));
        }

        return await RunAsync(commands, cancellationToken);
    }

    /// <inheritdoc cref="ExecuteAsync(IReadOnlyList{RuntimeCommand}, CancellationToken)"/>
    public async ValueTask<string> ExecuteAsync(RuntimeCommand command, CancellationToken cancellationToken) =>
        (await ExecuteAsync([command], cancellationToken))[0];

    public async ValueTask DisposeAsync()
    {
        Break(RuntimeFault.Closed);
        await _silence.DisposeAsync();
    }

    private async Task OpenAsync(CancellationToken cancellationToken)
    {
        var opening = new RuntimeCommand[] { new(Prompt, null, ReplyRule.Silent), new(KeepOpen, null, ReplyRule.Silent) };
        var replies = await RunAsync(opening, cancellationToken);
        if (replies[0].Length > 0 || replies[1].Length > 0)
            throw Broken(RuntimeFault.Framing, 0, $"answers \"{Excerpt(replies[0] + replies[1])}\" to the opening lines", null);
    }
}
