using System.Net.Sockets;
using System.Text;
using MultiCluster.HAProxy.Planning;

namespace MultiCluster.HAProxy.Runtime.Sockets;

public sealed partial class RuntimeClient
{
    private const int ExcerptLength = 120;
    private static readonly RuntimeCommand FenceCommand = new(Fence, null, ReplyRule.Data);

    private async ValueTask<string[]> RunAsync(IReadOnlyList<RuntimeCommand> commands, CancellationToken cancellationToken)
    {
        if (Interlocked.Exchange(ref _busy, 1) != 0)
            throw new InvalidOperationException("A RuntimeClient runs one batch at a time.");
        var replies = new string[commands.Count];
        var batch = new Batch(commands, replies);
        try
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (Fault is { } fault)
                throw Broken(fault, 0, "was closed before", null);
            Watch();
            await using var cancellation = cancellationToken.UnsafeRegister(static self => ((RuntimeClient)self!).Break(RuntimeFault.Closed), this);
            await ExchangeAsync(batch);
            Record(batch);
            return replies;
        }
        catch (Exception failure) when (failure is SocketException or ObjectDisposedException or RuntimeConnectionException)
        {
            Record(batch);
            cancellationToken.ThrowIfCancellationRequested();
            throw failure as RuntimeConnectionException ?? Translate(batch, failure);
        }
        finally
        {
            _silence.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
            Volatile.Write(ref _busy, 0);
        }
    }

    private async Task ExchangeAsync(Batch batch)
    {
        var sending = SendAsync(batch.Commands);
        try
        {
            await ReceiveAsync(batch);
            await sending;
        }
        catch
        {
            // Also ends a send that waits for room; its own failure says nothing new.
            Break(RuntimeFault.Closed);
            await sending.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            throw;
        }
    }

    private async Task SendAsync(IReadOnlyList<RuntimeCommand> commands)
    {
        var filled = 0;
        for (var i = 0; i <= commands.Count; i++)
        {
            var command = i < commands.Count ? commands[i] : FenceCommand;
            var room = CommandText.MaxBytes(command);
            if (room > _outgoing.Length - filled)
            {
                await SendAllAsync(filled);
                filled = 0;
                if (room > _outgoing.Length)
                    _outgoing = new byte[room];
            }

            filled += CommandText.Write(command, _outgoing.AsSpan(filled));
        }

        await SendAllAsync(filled);
    }

    private async ValueTask SendAllAsync(int count)
    {
        for (var sent = 0; sent < count;)
            sent += await _socket.SendAsync(_outgoing.AsMemory(sent, count - sent), SocketFlags.None);
    }

    private async Task ReceiveAsync(Batch batch)
    {
        while (!Take(batch))
        {
            var count = await _socket.ReceiveAsync(_replies.Room(), SocketFlags.None);
            if (count == 0)
                throw Broken(Fault ?? RuntimeFault.Closed, batch.Answered, Closing(batch), null);
            _replies.Received(count);
            Volatile.Write(ref _lastByte, _time.GetTimestamp());
            if (_replies.Pending > _options.MaxReplyBytes)
                throw Broken(RuntimeFault.Framing, 0, $"sent {_replies.Pending} bytes without ending a reply", null);
        }
    }

    /// <returns>Whether the fence has answered.</returns>
    private bool Take(Batch batch)
    {
        while (_replies.TryTake(out var reply))
        {
            if (batch.Answered == batch.Commands.Count)
            {
                EndWithFence(ReplyBuffer.Text(reply, afterPayload: false));
                return true;
            }

            var command = batch.Commands[batch.Answered];
            if (command.Payload is null && reply.StartsWith("+ "u8))
                throw Broken(RuntimeFault.Framing, 0, $"took \"{Excerpt(command.Line)}\" for the start of a payload", null);
            batch.Replies[batch.Answered++] = ReplyBuffer.Text(reply, command.Payload is not null);
        }

        return false;
    }

    private void EndWithFence(string reply)
    {
        if (reply is "operator" or "user")
            throw Broken(RuntimeFault.Framing, 0, $"grants level {reply} only: its bind line needs \"level admin\"", null);
        if (reply != FenceReply)
            throw Broken(RuntimeFault.Framing, 0, $"answers \"{Excerpt(reply)}\" where \"{FenceReply}\" was due: replies and commands no longer match", null);
        if (_replies.Pending > 0)
            throw Broken(RuntimeFault.Framing, 0, $"sent {_replies.Pending} bytes more than was asked for: \"{Excerpt(Encoding.UTF8.GetString(_replies.PendingBytes))}\"", null);
    }

    private string Closing(Batch batch)
    {
        if (Fault is RuntimeFault.Silent)
            return $"sent nothing for {_options.SilenceLimit.TotalSeconds} s, {batch.Answered} of {batch.Commands.Count} replies were read";
        var rest = _replies.Pending == 0 ? "" : $"; its last words: \"{Excerpt(Encoding.UTF8.GetString(_replies.PendingBytes))}\"";
        return $"closed the connection after {batch.Answered} of {batch.Commands.Count} replies{rest}";
    }

    private RuntimeConnectionException Translate(Batch batch, Exception failure) =>
        Broken(Fault ?? RuntimeFault.Closed, batch.Answered, Closing(batch), failure);

    private RuntimeConnectionException Broken(RuntimeFault fault, int answered, string what, Exception? inner)
    {
        Break(fault);
        LogBroken(_options.Logger, SocketPath, fault, what);
        return new RuntimeConnectionException(fault, SocketPath, answered, $"HAProxy's worker socket {SocketPath} {what}.", inner);
    }

    private void Break(RuntimeFault fault)
    {
        Interlocked.CompareExchange(ref _fault, (int)fault, NoFault);
        _socket.Dispose();
    }

    private void Watch()
    {
        Volatile.Write(ref _lastByte, _time.GetTimestamp());
        _silence.Change(_options.SilenceLimit, Timeout.InfiniteTimeSpan);
    }

    // Moving the timer with every read would cost more than looking once when it fires.
    private void OnSilenceTimer()
    {
        if (Volatile.Read(ref _busy) == 0)
            return;
        var left = _options.SilenceLimit - _time.GetElapsedTime(Volatile.Read(ref _lastByte));
        if (left > TimeSpan.Zero)
            _silence.Change(left, Timeout.InfiniteTimeSpan);
        else
            Break(RuntimeFault.Silent);
    }

    private void Record(Batch batch)
    {
        if (_options.Transcript is not { } transcript)
            return;
        for (var i = 0; i < batch.Commands.Count; i++)
            transcript.Exchange(CommandText.Show(batch.Commands[i]), i < batch.Answered ? batch.Replies[i] : null);
        transcript.Exchange(Fence, IsBroken ? null : FenceReply);
    }

    private static string Excerpt(string text) => text.Length <= ExcerptLength ? text : string.Concat(text.AsSpan(0, ExcerptLength), "…");

    private sealed class Batch(IReadOnlyList<RuntimeCommand> commands, string[] replies)
    {
        public IReadOnlyList<RuntimeCommand> Commands => commands;

        public string[] Replies => replies;

        public int Answered { get; set; }
    }
}
