using System.Net;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using MultiCluster.Quickstart.Echo;

// The pods of the quickstart's clusters, all in one process, each with an address of its own. They answer every request
// with what arrived and with who they are.
var pods = Array.ConvertAll(args, Pod.Parse);
if (pods.Length == 0 || pods.Contains(null))
{
    await Console.Error.WriteLineAsync($"usage: echo {Pod.Form}...");
    return 2;
}

var byAddress = pods.OfType<Pod>().ToDictionary(pod => pod.Address);
var builder = WebApplication.CreateSlimBuilder();
builder.Logging.SetMinimumLevel(LogLevel.Warning);
builder.Services.Configure<HostOptions>(options => options.ShutdownTimeout = TimeSpan.FromSeconds(1));
builder.WebHost.ConfigureKestrel(kestrel =>
{
    kestrel.AddServerHeader = false;
    foreach (var address in byAddress.Keys)
        kestrel.Listen(address);
});

await using var app = builder.Build();
app.Run(context =>
{
    var pod = byAddress[new IPEndPoint(context.Connection.LocalIpAddress!, context.Connection.LocalPort)];
    context.Response.Headers.Server = $"{pod.Member}/{pod.Name}";
    context.Response.ContentType = "application/json";
    byte[] json = [.. JsonSerializer.SerializeToUtf8Bytes(Reply.Of(pod, context), ReplyJson.Default.Reply), (byte)'\n'];
    context.Response.ContentLength = json.Length;
    return context.Response.Body.WriteAsync(json, context.RequestAborted).AsTask();
});
await app.RunAsync();
return 0;
