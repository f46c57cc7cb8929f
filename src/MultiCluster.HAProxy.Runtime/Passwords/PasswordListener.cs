using System.Globalization;
using System.Net.Sockets;
using System.Text;
using Microsoft.Extensions.Logging;
using MultiCluster.HAProxy.Runtime.Sockets;
using MultiCluster.HAProxy.Runtime.Tokens;

namespace MultiCluster.HAProxy.Runtime.Passwords;

/// <summary>
/// Tells HAProxy whether a password has a hash, which no rule of HAProxy can. A question is <c>LENGTH LENGTH POLICY SOURCE\n</c> and then
/// the hash and the password, of so many bytes; the answer is a line: yes, no, or busy. It knows no accounts and keeps nothing. Who guesses
/// at one policy, or from one source, keeps out nobody else. With <c>token </c> before it the question is about a rule and a token, and a yes says
/// until when.
/// </summary>
public sealed partial class PasswordListener : IAsyncDisposable
{
    private const int MaxHash = 512;
    private const int Backlog = 512;
    private const int MaxHead = 160;
    private const int Places = 256;
    private const int PlacesOfPolicy = 16;

    /// <summary>What a browser asks at once.</summary>
    private const int PlacesOfSource = 8;

    /// <summary>Tokens are looked at in less than a millisecond, and many clients can come from one address.</summary>
    private const int PlacesOfTokens = 4;

    private const string OfTokens = "token ";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    private readonly Socket _socket;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly CancellationTokenSource _end = new();
    // Half of the machine at most: whoever guesses passwords must not take it from the proxy.
    private readonly FairTurns _turns = new(Math.Max(1, Environment.ProcessorCount / 2), Places, PlacesOfPolicy, PlacesOfSource);
    private readonly FairTurns _tokenTurns = new(Math.Max(1, Environment.ProcessorCount / 2), Places, PlacesOfPolicy * PlacesOfTokens, PlacesOfSource * PlacesOfTokens);
    private readonly Task _accepting;

    private PasswordListener(Socket socket, string path, TimeProvider time, ILogger logger)
    {
        (_socket, Path, _time, _logger) = (socket, path, time, logger);
        _accepting = Task.Run(AcceptAsync);
    }

    public string Path { get; }

    /// <param name="forOthers">HAProxy runs as another user; the directory must let it pass. Whoever asks must know the hash already.</param>
    public static async Task<Outcome<PasswordListener>> StartAsync(string path, bool forOthers, TimeProvider time, ILogger logger, CancellationToken cancellationToken)
    {
        var socket = await UnixListening.OpenAsync(path, forOthers, Backlog, cancellationToken);
        if (!socket.IsOk)
            return new Failure($"Passwords can't be told at {path}: {socket.Error}");
        if (PasswordHash.Problem is { } lack)
            LogNoCrypt(logger, lack);
        return new PasswordListener(socket.Value, path, time, logger);
    }

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        _socket.Dispose();
        await _accepting.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        File.Delete(Path);
        _end.Dispose();
    }

    private Task AcceptAsync() => AcceptLoop.RunAsync(
        _socket.AcceptAsync, asker => _ = AnswerAsync(asker), problem => LogRefused(_logger, problem), _time, _end.Token);

    private async Task AnswerAsync(Socket asker)
    {
        using (asker)
        {
            using var patience = new CancellationTokenSource(Patience, _time);
            using var end = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, _end.Token);
            try
            {
                await using var stream = new NetworkStream(asker);
                var answer = await AnswerAsync(stream, end.Token);
                await stream.WriteAsync(Encoding.ASCII.GetBytes(answer), end.Token);
            }
            catch (Exception failure) when (failure is IOException or OperationCanceledException or ObjectDisposedException)
            {
                // Whoever asked has left, or asked nothing; no answer is a no.
            }
        }
    }

    private async Task<string> AnswerAsync(NetworkStream stream, CancellationToken cancellationToken)
    {
        if (await HeadAsync(stream, cancellationToken) is not { } head)
            return "no\n";
        var bytes = new byte[head.First + head.Second];
        try
        {
            await stream.ReadExactlyAsync(bytes, cancellationToken);
            using var turn = await (head.IsOfToken ? _tokenTurns : _turns).TakeAsync(head.Policy, head.Source, cancellationToken);
            return turn is null ? "busy\n" : await Task.Run(() => head.IsOfToken ? TokenAnswer(head, bytes) : PasswordAnswer(head, bytes), CancellationToken.None);
        }
        finally
        {
            Array.Clear(bytes);
        }
    }

    private static string PasswordAnswer(Head head, byte[] bytes) =>
        PasswordHash.Fits(Encoding.ASCII.GetString(bytes, 0, head.First), bytes.AsSpan(head.First)) ? "yes\n" : "no\n";

    private string TokenAnswer(Head head, byte[] bytes) =>
        TokenRule.Parse(Encoding.ASCII.GetString(bytes, 0, head.First)) is { } rule
        && TokenJudge.GoodUntil(rule, Encoding.Latin1.GetString(bytes, head.First, head.Second), _time.GetUtcNow()) is { } last
            ? string.Create(CultureInfo.InvariantCulture, $"yes {last}\n")
            : "no\n";

    private static async Task<Head?> HeadAsync(NetworkStream stream, CancellationToken cancellationToken)
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

            return Head.Parse(head.ToString());
        }

        return null;
    }

    private sealed record Head(bool IsOfToken, int First, int Second, string Policy, string Source)
    {
        public static Head? Parse(string line)
        {
            var isOfToken = line.StartsWith(OfTokens, StringComparison.Ordinal);
            var (mostFirst, mostSecond) = isOfToken ? (TokenJudge.MaxRule, TokenJudge.MaxToken) : (MaxHash, PasswordHash.MaxPassword);
            // A program of an older version says no more than the lengths.
            return (isOfToken ? line[OfTokens.Length..] : line).Split(' ') is [var first, var second, .. var whose] && whose.Length is 0 or 2
                && Length(first, mostFirst) is { } firstLength && Length(second, mostSecond) is { } secondLength
                ? new Head(isOfToken, firstLength, secondLength, whose is [var policy, _] ? policy : "", whose is [_, var source] ? source : "")
                : null;
        }

        private static int? Length(string text, int most) =>
            int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var length) && length > 0 && length <= most ? length : null;
    }

    [LoggerMessage(3401, LogLevel.Warning, "Accounts with hashes of crypt(3) get in nowhere: {Reason}")]
    private static partial void LogNoCrypt(ILogger logger, string reason);

    [LoggerMessage(3402, LogLevel.Warning, "A question about a password could not be taken: {Reason}")]
    private static partial void LogRefused(ILogger logger, string reason);
}
