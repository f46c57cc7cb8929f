using System.Globalization;
using System.Net.Sockets;
using System.Text;
using Microsoft.Extensions.Logging;
using MultiCluster.HAProxy.Runtime.Sockets;

namespace MultiCluster.HAProxy.Runtime.Passwords;

/// <summary>
/// Tells HAProxy whether a password has a hash, which no rule of HAProxy can. A question is <c>LENGTH LENGTH\n</c> and then the hash and the
/// password, of so many bytes; the answer is a line: yes, no, or busy. It knows no accounts and keeps nothing.
/// </summary>
public sealed partial class PasswordListener : IAsyncDisposable
{
    private const int MaxHash = 512;
    private const int MaxWaiting = 64;
    private const int MaxHead = 16;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    private readonly Socket _socket;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly CancellationTokenSource _end = new();
    // Half of the machine at most: whoever guesses passwords must not take it from the proxy.
    private readonly SemaphoreSlim _turns = new(Math.Max(1, Environment.ProcessorCount / 2));
    private readonly Task _accepting;
    private int _waiting;

    private PasswordListener(Socket socket, string path, TimeProvider time, ILogger logger)
    {
        (_socket, Path, _time, _logger) = (socket, path, time, logger);
        _accepting = Task.Run(AcceptAsync);
    }

    public string Path { get; }

    /// <param name="forOthers">HAProxy runs as another user; the directory must let it pass. Whoever asks must know the hash already.</param>
    public static async Task<Outcome<PasswordListener>> StartAsync(string path, bool forOthers, TimeProvider time, ILogger logger, CancellationToken cancellationToken)
    {
        if ((UnixSocketPath.Problem(path) ?? await UnixSocketPath.RemoveStaleAsync(path, cancellationToken)) is { } problem)
            return new Failure(problem);
        var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            socket.Bind(new UnixDomainSocketEndPoint(path));
            const UnixFileMode Own = UnixFileMode.UserRead | UnixFileMode.UserWrite;
            File.SetUnixFileMode(path, forOthers ? Own | UnixFileMode.GroupRead | UnixFileMode.GroupWrite | UnixFileMode.OtherRead | UnixFileMode.OtherWrite : Own);
            socket.Listen(MaxWaiting);
        }
        catch (Exception failure) when (failure is SocketException or IOException or UnauthorizedAccessException)
        {
            socket.Dispose();
            return new Failure($"Passwords can't be told at {path}: {failure.Message}");
        }

        if (PasswordHash.Problem is { } lack)
            LogNoCrypt(logger, lack);
        return new PasswordListener(socket, path, time, logger);
    }

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        _socket.Dispose();
        await _accepting.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        File.Delete(Path);
        _end.Dispose();
    }

    private async Task AcceptAsync()
    {
        while (!_end.IsCancellationRequested)
        {
            try
            {
                _ = AnswerAsync(await _socket.AcceptAsync(_end.Token));
            }
            catch (Exception failure) when (failure is SocketException or OperationCanceledException or ObjectDisposedException)
            {
                if (!_end.IsCancellationRequested)
                    LogRefused(_logger, failure.Message);
            }
        }
    }

    private async Task AnswerAsync(Socket asker)
    {
        using (asker)
        {
            using var patience = new CancellationTokenSource(Patience, _time);
            using var end = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, _end.Token);
            var isOne = Interlocked.Increment(ref _waiting) <= MaxWaiting;
            try
            {
                await using var stream = new NetworkStream(asker);
                var answer = isOne ? await AnswerAsync(stream, end.Token) : "busy\n";
                await stream.WriteAsync(Encoding.ASCII.GetBytes(answer), end.Token);
            }
            catch (Exception failure) when (failure is IOException or OperationCanceledException or ObjectDisposedException)
            {
                // Whoever asked has left, or asked nothing; no answer is a no.
            }
            finally
            {
                Interlocked.Decrement(ref _waiting);
            }
        }
    }

    private async Task<string> AnswerAsync(NetworkStream stream, CancellationToken cancellationToken)
    {
        if (await HeadAsync(stream, cancellationToken) is not var (hashLength, passwordLength))
            return "no\n";
        var bytes = new byte[hashLength + passwordLength];
        try
        {
            await stream.ReadExactlyAsync(bytes, cancellationToken);
            await _turns.WaitAsync(cancellationToken);
            try
            {
                var hash = Encoding.ASCII.GetString(bytes, 0, hashLength);
                return await Task.Run(() => PasswordHash.Fits(hash, bytes.AsSpan(hashLength)), CancellationToken.None) ? "yes\n" : "no\n";
            }
            finally
            {
                _turns.Release();
            }
        }
        finally
        {
            Array.Clear(bytes);
        }
    }

    private static async Task<(int Hash, int Password)?> HeadAsync(NetworkStream stream, CancellationToken cancellationToken)
    {
        var head = new StringBuilder();
        var one = new byte[1];
        while (head.Length < MaxHead)
        {
            await stream.ReadExactlyAsync(one, cancellationToken);
            if (one[0] != '\n')
            {
                head.Append((char)one[0]);
                continue;
            }

            return head.ToString().Split(' ') is [var first, var second]
                && int.TryParse(first, NumberStyles.None, CultureInfo.InvariantCulture, out var hash) && hash is > 0 and <= MaxHash
                && int.TryParse(second, NumberStyles.None, CultureInfo.InvariantCulture, out var password) && password is > 0 and <= PasswordHash.MaxPassword
                ? (hash, password)
                : null;
        }

        return null;
    }

    [LoggerMessage(3401, LogLevel.Warning, "Accounts with hashes of crypt(3) get in nowhere: {Reason}")]
    private static partial void LogNoCrypt(ILogger logger, string reason);

    [LoggerMessage(3402, LogLevel.Warning, "A question about a password could not be taken: {Reason}")]
    private static partial void LogRefused(ILogger logger, string reason);
}
