using MultiCluster.HAProxy.Runtime;

namespace MultiCluster.Controller.Sessions;

/// <summary>The connection: at most one, with at most one message on its way in each direction.</summary>
public sealed partial class ProxyAgent
{
    /// <summary>The next message is asked for once the answers to the last have gone, so that neither piles up.</summary>
    private void Pump()
    {
        if (_connection is null || _sending)
            return;
        var attempt = _attempt;
        if (_outbox.TryDequeue(out var message))
        {
            _sending = true;
            Context.PipeToSelf(
                _connection.SendAsync(message, Context.Stopping).AsTask(),
                problem => new Sent(attempt, problem),
                failure => new Sent(attempt, failure.Message));
        }
        else if (!_receiving)
        {
            _receiving = true;
            Context.PipeToSelf(
                _connection.ReceiveAsync(Context.Stopping).AsTask(),
                incoming => new Received(attempt, incoming),
                failure => new Received(attempt, new Incoming<ControllerMessage>(null, failure.Message)));
        }
    }

    private void Connect()
    {
        var attempt = ++_attempt;
        Context.PipeToSelf(
            TryConnectAsync(_addresses.Current, Context.System.TimeProvider, Context.Stopping),
            outcome => new Connected(attempt, outcome),
            failure => new Connected(attempt, new Failure(failure.Message)));
    }

    private async Task<Outcome<IDuplex<AgentMessage, ControllerMessage>>> TryConnectAsync(string address, TimeProvider time, CancellationToken stopping)
    {
        using var timeout = new CancellationTokenSource(_settings.Options.ConnectTimeout, time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(stopping, timeout.Token);
        try
        {
            return await _settings.Connector.ConnectAsync(address, both.Token);
        }
        catch (OperationCanceledException) when (timeout.IsCancellationRequested)
        {
            return new Failure($"{address}: no connection within {_settings.Options.ConnectTimeout.TotalSeconds:0.#} s");
        }
    }

    private async ValueTask OnConnectedAsync(Connected connected)
    {
        if (!connected.Outcome.IsOk)
        {
            Retry(connected.Outcome.Error, _addresses.Failed());
            return;
        }

        if (connected.Attempt != _attempt || _connection is not null)
        {
            await connected.Outcome.Value.DisposeAsync();
            return;
        }

        _connection = connected.Outcome.Value;
        _outbox.Enqueue(_core.Connect());
        ListenAnew();
    }

    private async ValueTask OnReceivedAsync(Incoming<ControllerMessage> incoming)
    {
        _receiving = false;
        if (incoming.Message is not { } message)
        {
            await DropAsync(incoming.Ended ?? "the connection ended");
            return;
        }

        ListenAnew();
        var outcome = _core.Receive(message, Context.System.TimeProvider.GetUtcNow());
        if (message is ControllerMessage.Welcome && outcome.Close is null)
            OnWelcome();
        Enqueue(outcome.Reply);
        Enqueue(outcome.Applied);
        Announce(outcome.Delta, outcome.Readiness);
        if (outcome.Close is not { } reason)
            return;
        if (outcome.Reply is { } last)
            await _connection!.SendAsync(last, Context.Stopping);
        await DropAsync(reason);
    }

    private void OnWelcome()
    {
        _welcomed = true;
        _problem = null;
        _addresses.Succeeded();
        LogConnected(_settings.Logger, _settings.Identity.Proxy, _addresses.Current, _core.Node ?? "");
    }

    private void ListenAnew() => Context.Timers.StartSingle(SilenceDue.Instance, _settings.Options.SilenceTimeout, SilenceDue.Instance);

    private void Enqueue(AgentMessage? message)
    {
        if (message is not null && _connection is not null)
            _outbox.Enqueue(message);
    }

    private async ValueTask DropAsync(string reason)
    {
        if (_connection is not { } connection)
            return;
        (_connection, _sending, _receiving) = (null, false, false);
        _attempt++;
        _outbox.Clear();
        _core.Disconnect();
        Context.Timers.Cancel(SilenceDue.Instance);
        await connection.DisposeAsync();
        var delay = _welcomed ? _addresses.Lost() : _addresses.Failed();
        _welcomed = false;
        Retry(reason, delay);
    }

    private void Retry(string reason, TimeSpan delay)
    {
        _problem = reason;
        LogNotConnected(_settings.Logger, _settings.Identity.Proxy, reason, delay.TotalMilliseconds);
        Context.Timers.StartSingle(ConnectDue.Instance, delay, ConnectDue.Instance);
    }
}
