using System.Collections.Concurrent;
using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using MultiCluster.Model.Collections;

namespace MultiCluster.Acme.Tests.Support;

/// <summary>What the proxies will do: answers challenges that were published, on one address for all hosts.</summary>
internal sealed class Responder : IHttpChallengeStore, IAsyncDisposable
{
    private readonly ConcurrentDictionary<string, HttpChallenge> _published = new(StringComparer.Ordinal);
    private WebApplication? _app;

    /// <summary>What the authority asked for, host and path.</summary>
    public ConcurrentQueue<string> Asked { get; } = new();

    /// <summary>Everything that was ever published.</summary>
    public ConcurrentQueue<HttpChallenge> Seen { get; } = new();

    public bool IsEmpty => _published.IsEmpty;

    /// <summary>From a challenge to the body of the answer; null answers 404.</summary>
    public Func<HttpChallenge, string?> Answer { get; set; } = static challenge => challenge.KeyAuthorization;

    /// <summary>Why publishing fails; null if it doesn't.</summary>
    public AcmeError? Refusal { get; set; }

    public async Task ListenAsync(IPAddress address, int port)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(server => server.Listen(address, port));
        _app = builder.Build();
        _app.Run(async context =>
        {
            Asked.Enqueue($"{context.Request.Host.Host}{context.Request.Path}");
            var token = context.Request.Path.Value!.Split('/')[^1];
            var body = _published.TryGetValue(token, out var challenge) && challenge.Host == context.Request.Host.Host ? Answer(challenge) : null;
            context.Response.StatusCode = body is null ? 404 : 200;
            await context.Response.WriteAsync(body ?? "none");
        });
        await _app.StartAsync();
    }

    public ValueTask<AcmeError?> PublishAsync(EquatableArray<HttpChallenge> challenges, CancellationToken cancellationToken)
    {
        foreach (var challenge in challenges)
        {
            Seen.Enqueue(challenge);
            _published[challenge.Token] = challenge;
        }

        return ValueTask.FromResult(Refusal);
    }

    public ValueTask WithdrawAsync(EquatableArray<HttpChallenge> challenges)
    {
        foreach (var challenge in challenges)
            _published.TryRemove(challenge.Token, out _);
        return ValueTask.CompletedTask;
    }

    public async ValueTask DisposeAsync()
    {
        if (_app is not null)
            await _app.DisposeAsync();
    }
}
