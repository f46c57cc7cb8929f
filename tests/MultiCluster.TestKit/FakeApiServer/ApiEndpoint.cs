using Microsoft.AspNetCore.Http;

namespace MultiCluster.TestKit.FakeApiServer;

/// <summary>Every request: authentication, path, faults, then the verb's own endpoint.</summary>
internal sealed class ApiEndpoint(FakeCluster cluster, FakeClusterOptions options, FakePki? pki)
{
    private readonly ListEndpoint _lists = new(options);
    private readonly WatchEndpoint _watches = new(cluster, options);
    private readonly WriteEndpoint _writes = new(cluster.Writer);

    public async Task HandleAsync(HttpContext context)
    {
        var request = context.Request;
        cluster.Record($"{request.Method} {request.Path}{request.QueryString}", request.Protocol, $"{request.Path} {request.Headers.Accept}");
        if (!IsAuthenticated(context))
            await Responses.SendAsync(context, StatusObject.OfCode(401, null));
        else if (request.Path == "/version")
            await Responses.SendAsync(context, 200, "{\"major\":\"1\",\"minor\":\"34\",\"gitVersion\":\"v1.34.0-fake\"}"u8.ToArray());
        else if (ApiRequest.Parse(request.Path, cluster.Resources) is { } parsed)
            await HandleAsync(context, parsed);
        else
            await Responses.SendAsync(context, StatusObject.OfCode(404, null));
    }

    private async Task HandleAsync(HttpContext context, ApiRequest request)
    {
        var verb = request.VerbOf(context.Request);
        if (cluster.Access.Refuse(AccessRequest.Of(context.Request, request)) is { } refusal)
        {
            await Responses.SendAsync(context, refusal);
            return;
        }

        var fault = cluster.Faults.Take(request.Resource, verb, context.Request.Query.ContainsKey("continue"));
        if (fault is not null && await FailAsync(context, fault))
            return;
        var store = cluster.StoreOf(request.Resource);
        if (fault?.Type == FaultType.LoseAnswer)
            await LoseAnswerAsync(context, store, request);
        else if (verb == FaultVerb.Write)
            await _writes.HandleAsync(context, store, request);
        else if (verb == FaultVerb.Get)
            await GetAsync(context, store, request);
        else if (Filter(context.Request, request) is not { } filter)
            await Responses.SendAsync(context, StatusObject.BadRequest("field label or selector not supported"));
        else if (verb == FaultVerb.Watch)
            await _watches.HandleAsync(context, store, filter);
        else
            await _lists.HandleAsync(context, store, filter, fault);
    }

    /// <summary>The write happens, and the connection is cut instead of an answer.</summary>
    private async Task LoseAnswerAsync(HttpContext context, ObjectStore store, ApiRequest request)
    {
        context.Response.Body = Stream.Null;
        await _writes.HandleAsync(context, store, request);
        context.Abort();
    }

    private static Task GetAsync(HttpContext context, ObjectStore store, ApiRequest request) => store.Find(request.Key) is { } stored
        ? Responses.SendAsync(context, 200, stored.Json)
        : Responses.SendAsync(context, StatusObject.NotFound(store.Resource, request.Name!));

    /// <summary>Whether the fault has answered the request.</summary>
    private static async Task<bool> FailAsync(HttpContext context, Fault fault)
    {
        switch (fault.Type)
        {
            case FaultType.Status:
                await Responses.SendAsync(context, StatusObject.OfCode(fault.Code, fault.RetryAfterSeconds));
                return true;
            case FaultType.Html:
                await Responses.SendHtmlAsync(context);
                return true;
            case FaultType.ExpireContinue:
                await Responses.SendAsync(context, StatusObject.Expired("The provided continue parameter is too old to display a consistent list result."));
                return true;
            case FaultType.Reset:
                context.Abort();
                return true;
            case FaultType.Stall:
                await Responses.StallAsync(context);
                return true;
            default:
                return false;
        }
    }

    private bool IsAuthenticated(HttpContext context) => options.Authentication switch
    {
        FakeAuthentication.Token => cluster.IsTokenAccepted(context.Request.Headers.Authorization.ToString()),
        FakeAuthentication.ClientCertificate => pki!.IsOurs(context.Connection.ClientCertificate),
        _ => true,
    };

    /// <summary>Null for a selector that we don't serve.</summary>
    private static ObjectFilter? Filter(HttpRequest http, ApiRequest request)
    {
        var filter = new ObjectFilter(request.Namespace, null, null) { IsPartial = PartialMetadata.IsAsked(http, PartialMetadata.Kind) };
        foreach (var term in http.Query["fieldSelector"].ToString().Split(',', StringSplitOptions.RemoveEmptyEntries))
        {
            switch (term.Split('='))
            {
                case ["metadata.name", var name]:
                    filter = filter with { Name = name };
                    break;
                case ["type!", var type] when request.Resource.Plural == "secrets":
                    filter = filter with { OtherTypes = [.. filter.OtherTypes, type] };
                    break;
                case ["type", var type] when request.Resource.Plural == "secrets":
                    filter = filter with { SecretType = type };
                    break;
                default:
                    return null;
            }
        }

        return LabelSelector.Parse(http.Query["labelSelector"].ToString()) is { } labels ? filter with { Labels = labels } : null;
    }
}
