using System.CommandLine;
using MultiCluster.Cli.Api;
using MultiCluster.Cli.Output;
using MultiCluster.Cli.Views;
using MultiCluster.Model.Admin;

namespace MultiCluster.Cli;

/// <summary>The commands of mcctl. Most ask the admin API one question and print the answer.</summary>
public sealed partial class CommandFactory
{
    private CliContext context;
    private readonly Option<string?> server = new("--server")
    {
        Description = $"Address of the admin API [default: {CliContext.DefaultServer}; environment: {CliContext.ServerVariable}]",
        HelpName = "URL",
        Recursive = true,
    };

    private readonly Option<string?> tokenFile = new("--token-file")
    {
        Description = $"File with the token that the admin API wants [environment: {CliContext.TokenVariable}]",
        HelpName = "FILE",
        Recursive = true,
    };

    private readonly Option<string?> authorityFile = new("--ca-file")
    {
        Description = $"PEM file of who signs the admin API's certificate [default: the system's; environment: {CliContext.AuthorityVariable}]",
        HelpName = "FILE",
        Recursive = true,
    };

    private readonly Option<string?> certificateFile = new("--cert-file")
    {
        Description = $"PEM file of the certificate that the admin API gets [environment: {CliContext.CertificateVariable}]",
        HelpName = "FILE",
        Recursive = true,
    };

    private readonly Option<string?> keyFile = new("--key-file")
    {
        Description = $"PEM file of its key [environment: {CliContext.KeyVariable}]",
        HelpName = "FILE",
        Recursive = true,
    };

    private readonly Option<OutputFormat> output = new("--output", "-o")
    {
        Description = "table for people, json for programs",
        HelpName = "table|json",
        DefaultValueFactory = static _ => OutputFormat.Table,
        CustomParser = static result =>
        {
            if (Enum.GetValues<OutputFormat>().Where(format => WordOf(format) == result.Tokens[0].Value).ToList() is [var format])
                return format;
            result.AddError($"--output takes table or json, not '{result.Tokens[0].Value}'");
            return default;
        },
        Recursive = true,
    };

    private readonly Dictionary<Command, string> examples = [];

    private CommandFactory(CliContext context)
    {
        this.context = context;
        // In the place of the enumeration's own names.
        output.CompletionSources.Clear();
        output.CompletionSources.Add("table", "json");
    }

    public static async Task<int> RunAsync(IReadOnlyList<string> args, CliContext context, CancellationToken cancellationToken = default)
    {
        var factory = new CommandFactory(context);
        var root = factory.Root();
        ExamplesHelpAction.AddTo(root, factory.examples);
        var parsed = root.Parse(args);
        if (parsed.Errors.Count > 0)
        {
            foreach (var error in parsed.Errors)
                await context.Error.WriteLineAsync($"error: {SafeText.Of(error.Message)}");
            await context.Error.WriteLineAsync($"see: {Path(parsed)} --help");
            return ExitCode.Usage;
        }

        var files = new CredentialFiles(
            parsed.GetValue(factory.tokenFile) ?? context.Files.Token,
            parsed.GetValue(factory.authorityFile) ?? context.Files.Authority,
            parsed.GetValue(factory.certificateFile) ?? context.Files.Certificate,
            parsed.GetValue(factory.keyFile) ?? context.Files.Key);
        var credentials = Credentials.Read(files, out var problem);
        if (problem is not null)
            return await Failure.TellAsync(context, problem, ExitCode.Usage);
        factory.context = context with { Handler = server => credentials.Over(context.Handler(server)) };
        var configuration = new InvocationConfiguration
        {
            Output = context.Output,
            Error = context.Error,
            EnableDefaultExceptionHandler = false,
        };
        try
        {
            return await parsed.InvokeAsync(configuration, cancellationToken);
        }
        catch (OperationCanceledException)
        {
            return ExitCode.Interrupted;
        }
    }

    private static string Path(ParseResult parsed)
    {
        var names = new Stack<string>();
        for (System.CommandLine.Parsing.SymbolResult? at = parsed.CommandResult; at is not null; at = at.Parent)
        {
            if (at is System.CommandLine.Parsing.CommandResult { Command: not RootCommand } command)
                names.Push(command.Command.Name);
        }
        return string.Join(' ', ["mcctl", .. names]);
    }

    private RootCommand Root()
    {
        var root = Commands();
        root.Add(Completions(root));
        return root;
    }

    private RootCommand Commands() => new("Shows what MultiCluster reads from its member clusters and what its proxies serve.")
    {
        server,
        tokenFile,
        authorityFile,
        certificateFile,
        keyFile,
        output,
        Group("member", "The clusters whose Ingresses are merged.", MemberList(), MemberShow(), MemberHistory(), MemberProblems(), MemberCordon(), MemberDrain(), MemberUndrain(), MemberDisable(), MemberApprove(), MemberRemove()),
        Group("ingress", "Ingresses, merged over the members.", IngressList(), IngressShow(), IngressConflicts(), IngressHistory()),
        Group("backend", "Services as they are proxied: how their requests are spread over the members.", BackendList(), BackendShow(), BackendHistory()),
        Routes(),
        Group("proxy", "The proxies and what they hold.", ProxyList(), ProxyShow(), ProxyDiff()),
        Explain(),
        TopOf(),
        Diff(),
        Group("cluster", "The controller nodes, as one of them sees them.", ClusterShow(), ClusterStatus(), ClusterLeave(), ClusterDown()),
        Group("sharding", "The shards, and the entities in them.", ListRegions(), ListShards(), ListEntities(), ShardingStats(), FindEntity()),
        Group("actor", "The actors of one process.", ActorHierarchy()),
        Group("log", "The log of one process.", LogTail()),
        Annotations(),
        Group("token", "Who may call the admin API.", TokenNew()),
        Group("pki", "Certificates of controllers, proxies and callers, from an authority of one's own.", PkiInit(), PkiIssue(), PkiRotate()),
        Group("migrate", "Moving from other ingress controllers.", MigrateCheck()),
        Validate(),
    };

    private static Command Group(string name, string description, params ReadOnlySpan<Command> commands)
    {
        var group = new Command(name, description);
        foreach (var command in commands)
            group.Add(command);
        return group;
    }

    private Command IngressList() =>
        Asking<IReadOnlyList<IngressView>>(Named("list", "Lists the Ingresses.", "mcctl ingress list"), _ => AdminPaths.Ingresses, IngressViews.List);

    private Command IngressShow()
    {
        var key = KeyArgument("NAMESPACE/NAME", "The Ingress");
        return Asking<IngressView>(
            Named("show", "Shows one Ingress: its routes, and its conditions in every member.", "mcctl ingress show shop/shop", key),
            parsed => SplitKey(parsed.GetRequiredValue(key)) is var (ns, name) ? AdminPaths.Ingress(ns, name) : throw new InvalidOperationException("The validator let a malformed key pass."),
            IngressViews.Show);
    }

    private static Argument<string> KeyArgument(string form, string description)
    {
        var key = new Argument<string>(form) { Description = description };
        key.Validators.Add(result =>
        {
            if (result.Tokens is [var token] && SplitKey(token.Value) is null)
                result.AddError($"'{token.Value}' is not of the form {form}, such as shop/shop");
        });
        return key;
    }

    private static (string Namespace, string Name)? SplitKey(string key) =>
        key.Split('/') is [{ Length: > 0 } ns, { Length: > 0 } name] ? (ns, name) : null;

    private Command Routes()
    {
        var host = new Option<string?>("--host") { Description = "Only the routes of this host, as rules name it (such as *.apps.example)", HelpName = "HOST" };
        var at = new Option<string?>("--at") { Description = $"As they were: {TimeForms}", HelpName = "TIME" };
        var command = Named("routes", "Lists the routes in the order in which they are looked up.", "mcctl routes --host shop.example --at 2h", host, at);
        command.SetAction((parsed, cancellationToken) => (parsed.GetValue(host), parsed.GetValue(at)) switch
        {
            (var value, { } time) => Ask<PastRoutesView>(parsed, AdminPaths.PastRoutesOf(time, value), HistoryViews.Routes).AskAsync(context, cancellationToken),
            ({ } value, null) => Ask<IReadOnlyList<RouteView>>(parsed, AdminPaths.RoutesOf(value), RouteViews.List).AskAsync(context, cancellationToken),
            _ => Ask<IReadOnlyList<RouteView>>(parsed, AdminPaths.Routes, RouteViews.List).AskAsync(context, cancellationToken),
        });
        return command;
    }

    private Command ProxyList() =>
        Asking<IReadOnlyList<ProxyView>>(Named("list", "Lists the proxies.", "mcctl proxy list"), _ => AdminPaths.Proxies, ProxyViews.List);

    private Command ProxyShow()
    {
        var name = new Argument<string>("NAME") { Description = "The proxy" };
        return Asking<ProxyDetailView>(
            Named("show", "Shows one proxy and the servers it holds.", "mcctl proxy show local", name),
            parsed => AdminPaths.Proxy(parsed.GetRequiredValue(name)),
            ProxyViews.Show);
    }

    private Command Explain()
    {
        var url = new Argument<string>("URL") { Description = "For example https://shop.example/cart; without a scheme http is meant" };
        var method = new Option<string?>("--method") { Description = "GET if not said" };
        var from = new Option<string?>("--from") { Description = "Address of the client, where who may ask depends on it" };
        var header = new Option<string[]>("--header", "-H") { Description = "Such as \"X-Team: shop\"; may be said several times", AllowMultipleArgumentsPerToken = false };
        var command = Named("explain", "Tells where a request would go, what is done to it, and why.", "mcctl explain https://shop.example/cart --header \"X-Team: shop\" --from 203.0.113.7", url);
        command.Options.Add(method);
        command.Options.Add(from);
        command.Options.Add(header);
        return Asking<ExplainView>(
            command,
            parsed => AdminPaths.ExplainOf(WithScheme(parsed.GetRequiredValue(url)), parsed.GetValue(method), parsed.GetValue(from), parsed.GetValue(header) ?? []),
            ExplainViews.Show);
    }

    private static string WithScheme(string url) => url.Contains("://", StringComparison.Ordinal) ? url : "http://" + url;

    private static string WordOf(OutputFormat format) => format == OutputFormat.Json ? "json" : "table";

    private Command Asking<T>(Command command, Func<ParseResult, string> path, Action<T, Terminal> print, Func<T, bool>? isGood = null)
    {
        command.SetAction((parsed, cancellationToken) =>
        {
            var question = Ask(parsed, path(parsed), print) with { IsGood = isGood };
            return question.AskAsync(context, cancellationToken);
        });
        return command;
    }

    private Question<T> Ask<T>(ParseResult parsed, string path, Action<T, Terminal> print) =>
        new(parsed.GetValue(server), path, parsed.GetValue(output), print);

    private Command Named(string name, string description, string example, params ReadOnlySpan<Symbol> symbols)
    {
        var command = new Command(name, description);
        foreach (var symbol in symbols)
        {
            if (symbol is Argument argument)
                command.Add(argument);
            else
                command.Add((Option)symbol);
        }
        examples.Add(command, example);
        return command;
    }
}
