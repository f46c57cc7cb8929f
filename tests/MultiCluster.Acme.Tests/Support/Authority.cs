using System.Net;
using MultiCluster.Acme.Http;
using MultiCluster.Acme.Jose;
using MultiCluster.TestKit;
using MultiCluster.TestKit.Pebble;

namespace MultiCluster.Acme.Tests.Support;

/// <summary>Pebble, and who answers its looks.</summary>
internal sealed class Authority : IAsyncDisposable
{
    private readonly SocketsHttpHandler _handler;

    private Authority(PebbleServer pebble, Responder responder, SocketsHttpHandler handler)
    {
        (Pebble, Responder, _handler) = (pebble, responder, handler);
        Options = new AcmeOptions(pebble.Directory)
        {
            TermsAgreed = true,
            Emails = ["ops@shop.example"],
            FirstPoll = TimeSpan.FromMilliseconds(20),
            LongestPoll = TimeSpan.FromMilliseconds(200),
            OrderTimeout = TimeSpan.FromSeconds(60),
        };
    }

    public static CancellationToken Deadline => new CancellationTokenSource(TimeSpan.FromSeconds(90)).Token;

    public PebbleServer Pebble { get; }

    public Responder Responder { get; }

    /// <summary>Where the authority looks.</summary>
    public required IPEndPoint Where { get; init; }

    public AcmeOptions Options { get; init; }

    /// <param name="answers">False: whoever else listens at <see cref="Where"/> does.</param>
    public static async Task<Authority> StartAsync(Func<PebbleOptions, PebbleOptions>? change = null, bool answers = true)
    {
        var options = new PebbleOptions { Responder = Loopback.NewAddress() };
        var pebble = await PebbleServer.StartAsync(change?.Invoke(options) ?? options);
        var responder = new Responder();
        if (answers)
            await responder.ListenAsync(options.Responder, pebble.HttpPort);
        var handler = AcmeHandlers.Create(pebble.RootsPem);
        Assert.True(handler.IsOk);
        return new Authority(pebble, responder, handler.Value) { Where = new IPEndPoint(options.Responder, pebble.HttpPort) };
    }

    public AcmeClient Client(AccountKey? key = null, AcmeOptions? options = null) => new(options ?? Options, key ?? AccountKey.Create(), _handler, TimeProvider.System);

    public CertificateIssuer Issuer(AcmeOptions? options = null) => new(Client(options: options), Responder);

    public async ValueTask DisposeAsync()
    {
        _handler.Dispose();
        await Responder.DisposeAsync();
        await Pebble.DisposeAsync();
    }
}
