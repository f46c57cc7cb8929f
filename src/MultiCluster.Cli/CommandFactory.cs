using System.CommandLine;
using MultiCluster.Cli.Output;
using MultiCluster.Cli.Views;
using MultiCluster.Model.Admin;

namespace MultiCluster.Cli;

/// <summary>The commands of mcctl. Each asks the admin API one question and prints the answer.</summary>
public sealed class CommandFactory
{
    private readonly CliContext context;
    private readonly Option<string?> server = new("--server")
    {
        Description = $"Address of the admin API [default: {CliContext.DefaultServer}; environment: {CliContext.ServerVariable}]",
        HelpName = "URL",
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
        CompletionSources = { "table", "json" },
        Recursive = true,
    };

    private CommandFactory(CliContext context) => this.context = context;

    public static async Task<int> RunAsync(IReadOnlyList<string> args, CliContext context, CancellationToken cancellationToken = default)
    {
        var parsed = new CommandFactory(context).Root().Parse(args);
        if (parsed.Errors.Count > 0)
        {
            foreach (var error in parsed.Errors)
                await context.Error.WriteLineAsync($"error: {SafeText.Of(error.Message)}");
            await context.Error.WriteLineAsync($"see: {Path(parsed)} --help");
            return ExitCode.Usage;
        }

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

    private RootCommand Root() => new("Shows what MultiCluster reads from its member clusters and what its proxies serve.")
    {
        server,
        output,
        Group("member", "The clusters whose Ingresses are merged.", MemberList()),
        Group("ingress", "Ingresses, merged over the members.", IngressList(), IngressShow()),
        Routes(),
        Group("proxy", "The proxies and what they hold.", ProxyList(), ProxyShow()),
        Explain(),
    };

    private static Command Group(string name, string description, params ReadOnlySpan<Command> commands)
    {
        var group = new Command(name, description);
        foreach (var command in commands)
            group.Add(command);
        return group;
    }

    private Command MemberList() =>
        Asking<IReadOnlyList<MemberView>>(
            new Command("list", "Lists the members, how fresh they are and what could not be read."),
            _ => AdminPaths.Members,
            (members, terminal) => MemberViews.List(members, context.Time.GetUtcNow(), terminal));

    private Command IngressList() =>
        Asking<IReadOnlyList<IngressView>>(new Command("list", "Lists the Ingresses."), _ => AdminPaths.Ingresses, IngressViews.List);

    private Command IngressShow()
    {
        var key = new Argument<string>("NAMESPACE/NAME") { Description = "The Ingress" };
        key.Validators.Add(result =>
        {
            if (result.Tokens is [var token] && SplitKey(token.Value) is null)
                result.AddError($"'{token.Value}' is not of the form NAMESPACE/NAME, such as shop/shop");
        });
        return Asking<IngressView>(
            new Command("show", "Shows one Ingress: its routes, and its conditions in every member.") { key },
            parsed => SplitKey(parsed.GetRequiredValue(key)) is var (ns, name) ? AdminPaths.Ingress(ns, name) : throw new InvalidOperationException("The validator let a malformed key pass."),
            IngressViews.Show);
    }

    private static (string Namespace, string Name)? SplitKey(string key) =>
        key.Split('/') is [{ Length: > 0 } ns, { Length: > 0 } name] ? (ns, name) : null;

    private Command Routes()
    {
        var host = new Option<string?>("--host") { Description = "Only the routes of this host, as rules name it (such as *.apps.example)", HelpName = "HOST" };
        return Asking<IReadOnlyList<RouteView>>(
            new Command("routes", "Lists the routes in the order in which they are looked up.") { host },
            parsed => parsed.GetValue(host) is { } value ? AdminPaths.RoutesOf(value) : AdminPaths.Routes,
            RouteViews.List);
    }

    private Command ProxyList() =>
        Asking<IReadOnlyList<ProxyView>>(new Command("list", "Lists the proxies."), _ => AdminPaths.Proxies, ProxyViews.List);

    private Command ProxyShow()
    {
        var name = new Argument<string>("NAME") { Description = "The proxy" };
        return Asking<ProxyDetailView>(
            new Command("show", "Shows one proxy and the servers it holds.") { name },
            parsed => AdminPaths.Proxy(parsed.GetRequiredValue(name)),
            ProxyViews.Show);
    }

    private Command Explain()
    {
        var url = new Argument<string>("URL") { Description = "For example https://shop.example/cart; without a scheme http is meant" };
        return Asking<ExplainView>(
            new Command("explain", "Tells where a request for a URL would go, and why.") { url },
            parsed => AdminPaths.ExplainOf(WithScheme(parsed.GetRequiredValue(url))),
            ExplainViews.Show);
    }

    private static string WordOf(OutputFormat format) => format == OutputFormat.Json ? "json" : "table";

    private static string WithScheme(string url) => url.Contains("://", StringComparison.Ordinal) ? url : "http://" + url;

    private Command Asking<T>(Command command, Func<ParseResult, string> path, Action<T, Terminal> print)
    {
        command.SetAction((parsed, cancellationToken) =>
        {
            var question = new Question<T>(parsed.GetValue(server), path(parsed), parsed.GetValue(output), print);
            return question.AskAsync(context, cancellationToken);
        });
        return command;
    }
}
