using System.CommandLine;
using System.Net;
using System.Security.Cryptography;
using System.Text.Json;
using MultiCluster.Cli.Output;
using MultiCluster.Cli.Pki;

namespace MultiCluster.Cli;

/// <summary>Certificates are made here, in a folder, and asked of nobody.</summary>
public sealed partial class CommandFactory
{
    private const int LongestName = 63;

    private readonly Option<string> pkiFolder = new("--dir") { Description = "Folder of the authority and its certificates", HelpName = "DIR", DefaultValueFactory = static _ => "pki" };
    private readonly Option<bool> force = new("--force") { Description = "Write over files that are there" };

    private Command PkiInit()
    {
        var days = Days(3650);
        return Working(
            Named("init", "Makes an authority.", "mcctl pki init --dir pki", pkiFolder, days, force),
            (work, parsed) => work.Init(TimeSpan.FromDays(parsed.GetValue(days)), parsed.GetValue(force)));
    }

    private Command PkiIssue()
    {
        var kind = new Argument<string>("KIND") { Description = "node (a controller), proxy, or user (who calls the admin API)" };
        kind.AcceptOnlyFromAmong("node", "proxy", "user");
        var name = new Argument<string>("NAME") { Description = "cluster.node or proxy.name of the process, or who the history is to name" };
        var cluster = new Option<string>("--cluster") { Description = "cluster.name, of node and proxy", HelpName = "NAME", DefaultValueFactory = static _ => "multicluster" };
        var host = new Option<string[]>("--host") { Description = "DNS name or IP address by which its admin API is called; may be said several times", HelpName = "HOST" };
        var role = new Option<string>("--role") { Description = "Of a user: view, operate or admin", DefaultValueFactory = static _ => "view" };
        role.AcceptOnlyFromAmong(Roles);
        var days = Days(365);
        var command = Named("issue", "Makes a certificate and its key.", "mcctl pki issue node controller-0 --host controller-0.example", kind, name, cluster, host, role, days, pkiFolder, force);
        command.Validators.Add(result =>
        {
            var isUser = result.GetValue(kind) == "user";
            if (result.GetValue(name) is { } who && !(isUser ? IsCaller(who) : IsProcess(who)))
                result.AddError($"'{who}' is no name: write at most {LongestName} {(isUser ? "letters, digits, '-', '.', '_' and '@'" : "lower-case letters, digits, '-' and '.'")}");
            if (result.GetValue(cluster) is { } of && !IsProcess(of))
                result.AddError($"--cluster: '{of}' is no name of lower-case letters, digits, '-' and '.'");
            foreach (var wrong in (result.GetValue(host) ?? []).Where(static item => !IPAddress.TryParse(item, out _) && Uri.CheckHostName(item) != UriHostNameType.Dns))
                result.AddError($"--host: '{wrong}' is no DNS name and no IP address");
        });
        return Working(command, (work, parsed) =>
        {
            var (what, who) = (parsed.GetRequiredValue(kind), parsed.GetRequiredValue(name));
            var profile = what == "user"
                ? CertificateProfile.OfUser(who, parsed.GetRequiredValue(role))
                : CertificateProfile.OfProcess(parsed.GetRequiredValue(cluster), what, who, parsed.GetValue(host) ?? []);
            return work.Issue($"{what}-{who}", profile, TimeSpan.FromDays(parsed.GetValue(days)), parsed.GetValue(force));
        });
    }

    private Command PkiRotate()
    {
        var within = new Option<int>("--within") { Description = "Of certificates that end within so many days", HelpName = "DAYS", DefaultValueFactory = static _ => 30 };
        var step = new Option<string?>("--authority") { Description = "Replace the authority instead: add (believe the next one, too), use (have it sign all), drop (the one before)", HelpName = "add|use|drop" };
        step.AcceptOnlyFromAmong("add", "use", "drop");
        var days = Days(3650);
        days.Description = "Of a next authority: how long it lives";
        return Working(
            Named("rotate", "Makes certificates anew, with new keys.", "mcctl pki rotate --within 30", within, step, days, pkiFolder),
            (work, parsed) => parsed.GetValue(step) switch
            {
                "add" => work.AddAuthority(TimeSpan.FromDays(parsed.GetValue(days))),
                "use" => work.UseAuthority(),
                "drop" => work.DropAuthority(),
                _ => work.Renew(TimeSpan.FromDays(parsed.GetValue(within))),
            });
    }

    private Command Working(Command command, Func<PkiWork, ParseResult, PkiOutcome> act)
    {
        command.SetAction(async (parsed, cancellationToken) =>
        {
            PkiOutcome outcome;
            try
            {
                outcome = act(new PkiWork(new PkiFolder(System.IO.Path.GetFullPath(parsed.GetRequiredValue(pkiFolder))), context.Time.GetUtcNow()), parsed);
            }
            catch (Exception failure) when (failure is IOException or UnauthorizedAccessException or CryptographicException or ArgumentException)
            {
                return await Failure.TellAsync(context, failure.Message, ExitCode.Failure);
            }

            if (outcome.Error is { } error)
                return await Failure.TellAsync(context, error, ExitCode.Failure);
            var text = parsed.GetValue(output) == OutputFormat.Json ? $"{JsonSerializer.Serialize(outcome.Lines)}\n" : string.Concat(outcome.Lines.Select(static line => $"{SafeText.Of(line)}\n"));
            await context.Output.WriteAsync(text.AsMemory(), cancellationToken);
            return ExitCode.Success;
        });
        return command;
    }

    private static Option<int> Days(int preset)
    {
        var days = new Option<int>("--days") { Description = "How long it lives", HelpName = "DAYS", DefaultValueFactory = _ => preset };
        days.Validators.Add(static result =>
        {
            if (result.GetValueOrDefault<int>() is < 1 or > 36_500)
                result.AddError("--days takes 1 to 36500");
        });
        return days;
    }

    private static bool IsProcess(string name) => name.Length is > 0 and <= LongestName && name.All(static c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c is '-' or '.');

    private static bool IsCaller(string name) => name.Length is > 0 and <= LongestName && name.All(static c => char.IsAsciiLetterOrDigit(c) || c is '-' or '.' or '_' or '@');
}
