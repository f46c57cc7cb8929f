using System.CommandLine;
using System.Security.Cryptography;
using System.Text;
using MultiCluster.Cli.Output;

namespace MultiCluster.Cli;

/// <summary>Tokens are made here and asked of nobody.</summary>
public sealed partial class CommandFactory
{
    private const int TokenBytes = 32;

    private static readonly string[] Roles = ["view", "operate", "admin"];

    private Command TokenNew()
    {
        var name = new Argument<string>("NAME") { Description = "Whose it is: the history names it" };
        name.Validators.Add(static result =>
        {
            if (result.Tokens is [var token] && (token.Value.Length is 0 or > 63 || !token.Value.All(static c => char.IsAsciiLetterOrDigit(c) || c is '-' or '.' or '_' or '@')))
                result.AddError($"'{token.Value}' is no name: write at most 63 letters, digits, '-', '.', '_' and '@'");
        });
        var role = new Argument<string>("ROLE") { Description = "view (look), operate (and drain, cordon, disable, approve) or admin (and take members and nodes out)" };
        role.AcceptOnlyFromAmong(Roles);
        var command = Named("new", "Makes a token, and the line for the file of admin.tokens-file.", "mcctl token new ann operate", name, role);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var token = $"mct_{Base64Url(RandomNumberGenerator.GetBytes(TokenBytes))}";
            var line = $"{parsed.GetRequiredValue(name)} {parsed.GetRequiredValue(role)} {Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(token)))}";
            var text = parsed.GetValue(output) == OutputFormat.Json
                ? $"{{\"token\": \"{token}\", \"line\": \"{line}\"}}\n"
                : $"Token, for --token-file; it is told nowhere else:\n{token}\nLine, for admin.tokens-file of the controllers:\n{line}\n";
            await context.Output.WriteAsync(text.AsMemory(), cancellationToken);
            return ExitCode.Success;
        });
        return command;
    }

    private static string Base64Url(byte[] bytes) => System.Buffers.Text.Base64Url.EncodeToString(bytes);
}
