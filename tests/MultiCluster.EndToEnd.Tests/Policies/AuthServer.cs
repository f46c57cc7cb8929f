using System.Collections.Concurrent;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using MultiCluster.TestKit.Network;

namespace MultiCluster.EndToEnd.Tests.Policies;

/// <summary>
/// A service that says who may pass: who has a header X-Who that is "good". It tells how it was asked, in X-Method and, for each header X-N of
/// the request, X-Saw-N; X-Cookie is what it has clients keep. It listens on an address of this machine that is no loopback one, since no policy may ask those.
/// </summary>
internal sealed class AuthServer : IAsyncDisposable
{
    /// <summary>Header that tells one request from all others.</summary>
    public const string Mark = "x-mark";

    private const string Custom = "x-";

    private static readonly ConcurrentDictionary<string, TaskCompletionSource<IReadOnlyDictionary<string, string>>> Copies = new(StringComparer.Ordinal);

    private static readonly TimeSpan CopyLimit = TimeSpan.FromSeconds(10);

    private readonly WebApplication _web;

    private AuthServer(WebApplication web) => _web = web;

    /// <summary>Without a path.</summary>
    public string Url => _web.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single();

    /// <summary>Null on a machine without any other address.</summary>
    public static async Task<AuthServer?> StartAsync()
    {
        if (MachineAddress.Find() is not { } address)
            return null;
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(address, 0));
        var web = builder.Build();
        web.Run(Answer);
        await web.StartAsync();
        return new AuthServer(web);
    }

    public ValueTask DisposeAsync() => _web.DisposeAsync();

    /// <summary>What it was asked under a mark, in time.</summary>
    public static async Task<IReadOnlyDictionary<string, string>?> CopyAsync(string mark)
    {
        try
        {
            return await CopyOf(mark).Task.WaitAsync(CopyLimit, TimeProvider.System);
        }
        catch (TimeoutException)
        {
            return null;
        }
    }

    private static TaskCompletionSource<IReadOnlyDictionary<string, string>> CopyOf(string mark) =>
        Copies.GetOrAdd(mark, static _ => new TaskCompletionSource<IReadOnlyDictionary<string, string>>(TaskCreationOptions.RunContinuationsAsynchronously));

    private static async Task Answer(HttpContext context)
    {
        var (request, response) = (context.Request, context.Response);
        if (request.Headers[Mark] is [{ } mark])
        {
            using var body = new MemoryStream();
            await request.Body.CopyToAsync(body);
            CopyOf(mark).TrySetResult(new Dictionary<string, string>(request.Headers.Select(static header => KeyValuePair.Create(header.Key, header.Value.ToString())), StringComparer.OrdinalIgnoreCase)
            {
                ["~method"] = request.Method, ["~path"] = $"{request.Path}{request.QueryString}", ["~host"] = request.Host.Value ?? "", ["~body"] = $"{body.Length}",
            });
        }

        response.StatusCode = request.Headers["x-who"].ToString() switch
        {
            "good" => StatusCodes.Status204NoContent,
            "bad" => StatusCodes.Status403Forbidden,
            _ => StatusCodes.Status401Unauthorized,
        };
        foreach (var (name, value) in request.Headers.Where(static header => header.Key.StartsWith(Custom, StringComparison.OrdinalIgnoreCase)))
            response.Headers[$"x-saw-{name[Custom.Length..]}"] = value;
        if (request.Headers["x-cookie"] is { Count: > 0 } cookie)
            response.Headers.SetCookie = cookie;
        response.Headers["x-method"] = request.Method;
        response.Headers["x-user"] = "ann";
        response.Headers["x-secret"] = "s";
    }
}
