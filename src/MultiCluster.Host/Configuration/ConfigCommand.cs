using System.CommandLine;
using MultiCluster.Hocon;

namespace MultiCluster.Host.Configuration;

/// <summary><c>multicluster config</c>: looks at the configuration and starts nothing.</summary>
internal static class ConfigCommand
{
    private const int Good = 0;
    private const int Bad = 1;

    public static Command Create() => new("config", "Looks at the configuration and starts nothing.") { Check(), Print() };

    private static Command Check()
    {
        var (config, role) = (File(), new Option<string>("--role") { Description = "As for \"multicluster run\"." });
        role.AcceptOnlyFromAmong("all", "controller", "proxy");
        var command = new Command("check", "Names every problem with its file, line and key; exit code 1 if one keeps \"multicluster run\" from starting.") { config, role };
        command.SetAction(parsed =>
        {
            var (path, word) = (parsed.GetRequiredValue(config), parsed.GetValue(role));
            var found = ConfigurationCheck.Of(path, Environment.GetEnvironmentVariable, word is null ? null : Enum.Parse<Role>(word, ignoreCase: true));
            foreach (var warning in found.Warnings)
                parsed.InvocationConfiguration.Error.WriteLine($"warning: {warning}");
            foreach (var error in found.Errors)
                parsed.InvocationConfiguration.Error.WriteLine(error);
            if (!found.Errors.IsEmpty)
                return Bad;
            parsed.InvocationConfiguration.Output.WriteLine($"{path}: good");
            return Good;
        });
        return command;
    }

    private static Command Print()
    {
        var config = File();
        var command = new Command("print", "Shows every key with its effective value and where that comes from; secrets are hidden.") { config };
        command.SetAction(parsed =>
        {
            try
            {
                var document = HostConfiguration.Document(parsed.GetRequiredValue(config), Environment.GetEnvironmentVariable);
                parsed.InvocationConfiguration.Output.Write(EffectiveConfiguration.Print(document));
                return Good;
            }
            catch (HoconException invalid)
            {
                parsed.InvocationConfiguration.Error.WriteLine(invalid.Message);
                return Bad;
            }
        });
        return command;
    }

    private static Option<string> File() => new("--config", "-c") { Description = "Configuration file (HOCON).", Required = true };
}
