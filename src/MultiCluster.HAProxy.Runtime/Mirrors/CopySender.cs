using System.Net;
using System.Net.Sockets;
using MultiCluster.Model.Security;

namespace MultiCluster.HAProxy.Runtime.Mirrors;

/// <summary>
/// Sends copies of requests, and ignores what is answered. Nothing waits for a turn: a copy that finds too many under way, of all, of its target's or of its namespace's,
/// is dropped, so that a target that is slow costs nobody else any, and no memory; nor do all the slow targets of one namespace.
/// </summary>
internal sealed class CopySender : IDisposable
{
    public const int MaxUnderWay = 500;

    public const int MaxOfTarget = 50;

    public const int MaxOfOwner = 200;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    private readonly Lock _lock = new();
    private readonly Dictionary<string, int> _targets = new(StringComparer.OrdinalIgnoreCase);
    private readonly Dictionary<string, int> _owners = new(StringComparer.Ordinal);
    private readonly TimeProvider _time;
    private readonly HttpMessageInvoker _client;
    private int _underWay;

    /// <param name="mayAsk">Whether an address may be connected to.</param>
    public CopySender(TimeProvider time, Func<IPAddress, bool>? mayAsk = null)
    {
        _time = time;
        var isAllowed = mayAsk ?? (static address => !MachineAddresses.Holds(address));
        _client = new HttpMessageInvoker(new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            UseCookies = false,
            UseProxy = false,
            ActivityHeadersPropagator = null,
            ConnectTimeout = TimeSpan.FromSeconds(2),
            MaxConnectionsPerServer = MaxOfTarget,
            // Names may lead elsewhere by then.
            PooledConnectionLifetime = TimeSpan.FromMinutes(1),
            MaxResponseDrainSize = 64 * 1024,
            ResponseDrainTimeout = TimeSpan.FromSeconds(1),
            ConnectCallback = (context, end) => ConnectAsync(context.DnsEndPoint, isAllowed, end),
        });
    }

    public void Dispose() => _client.Dispose();

    /// <returns>False: it was dropped, or nobody took it.</returns>
    public async Task<bool> SendAsync(RequestCopy copy, CancellationToken cancellationToken)
    {
        if (!Enter(copy))
            return false;
        try
        {
            using var patience = new CancellationTokenSource(Patience, _time);
            using var end = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, cancellationToken);
            using var message = MessageOf(copy);
            using var answer = await _client.SendAsync(message, end.Token);
            return true;
        }
        catch (Exception failure) when (failure is HttpRequestException or IOException or OperationCanceledException or InvalidOperationException or FormatException)
        {
            return false;
        }
        finally
        {
            Leave(copy);
        }
    }

    private static HttpRequestMessage MessageOf(RequestCopy copy)
    {
        var message = new HttpRequestMessage(new HttpMethod(copy.Method), copy.Url);
        if (copy.Body.Length > 0)
            message.Content = new ByteArrayContent(copy.Body);
        foreach (var (name, value) in copy.Headers)
        {
            if (!message.Headers.TryAddWithoutValidation(name, value))
                message.Content?.Headers.TryAddWithoutValidation(name, value);
        }

        message.Headers.Host = copy.Host;
        message.Headers.TryAddWithoutValidation(HAProxy.Policies.MirrorData.Header, "1");
        return message;
    }

    private static async ValueTask<Stream> ConnectAsync(DnsEndPoint target, Func<IPAddress, bool> isAllowed, CancellationToken cancellationToken)
    {
        var addresses = Array.FindAll(await Dns.GetHostAddressesAsync(target.Host, cancellationToken), address => isAllowed(address));
        if (addresses.Length == 0)
            throw new HttpRequestException($"{target.Host} has no address that may be asked");
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(addresses, target.Port, cancellationToken);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    private bool Enter(RequestCopy copy)
    {
        lock (_lock)
        {
            var (ofTarget, ofOwner) = (_targets.GetValueOrDefault(copy.Target), _owners.GetValueOrDefault(copy.Owner));
            if (_underWay >= MaxUnderWay || ofTarget >= MaxOfTarget || ofOwner >= MaxOfOwner)
                return false;
            _underWay++;
            (_targets[copy.Target], _owners[copy.Owner]) = (ofTarget + 1, ofOwner + 1);
            return true;
        }
    }

    private void Leave(RequestCopy copy)
    {
        lock (_lock)
        {
            _underWay--;
            Leave(_targets, copy.Target);
            Leave(_owners, copy.Owner);
        }
    }

    private static void Leave(Dictionary<string, int> counts, string name)
    {
        if (--counts[name] == 0)
            counts.Remove(name);
    }
}
