using MultiCluster.HAProxy.Program;
using MultiCluster.HAProxy.Runtime;
using MultiCluster.HAProxy.Runtime.Processes;

namespace MultiCluster.Controller.Proxies;

/// <summary>
/// Asks HAProxy about a generation of start files before it becomes current. A configuration names its files through
/// <c>current</c>, which leads to another generation still; so a copy is checked that names the generation itself.
/// </summary>
internal static class StartFileCheck
{
    private const string FolderName = "check";

    /// <returns>Null when HAProxy would start from it, else why not.</returns>
    public static async Task<string?> RunAsync(ProxySettings settings, HAProxyProcess process, string generation, CancellationToken cancellationToken)
    {
        var folder = Path.Combine(generation, FolderName);
        try
        {
            var config = await Task.Run(() => WriteCopy(settings.Paths, generation, folder), cancellationToken);
            return Problem(await process.CheckAsync(settings.Binary.Path, config, cancellationToken));
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            return $"the start files in {generation} could not be checked: {failure.Message}";
        }
        finally
        {
            Remove(folder);
        }
    }

    public static string? Problem(Outcome<ConfigurationCheck> check)
    {
        if (!check.IsOk)
            return check.Error;
        return check.Value.IsValid ? null : $"HAProxy refuses the start file: {string.Join("; ", check.Value.Alerts)}";
    }

    private static string WriteCopy(ProgramPaths paths, string generation, string folder)
    {
        Directory.CreateDirectory(folder);
        var list = Path.Combine(folder, ProgramPaths.CertificateList);
        var config = Path.Combine(folder, ProgramPaths.Config);
        Copy(Path.Combine(generation, ProgramPaths.CertificateList), list, InGeneration);
        Copy(Path.Combine(generation, ProgramPaths.Config), config, line => InGeneration(line.Replace(paths.Full(ProgramPaths.CertificateList), list, StringComparison.Ordinal)));
        return config;

        string InGeneration(string line) => line.Replace(paths.Full(""), generation + "/", StringComparison.Ordinal);
    }

    private static void Copy(string source, string target, Func<string, string> change)
    {
        using var writer = new StreamWriter(target);
        foreach (var line in File.ReadLines(source))
        {
            writer.Write(change(line));
            writer.Write('\n');
        }
    }

    /// <summary>What stays goes with the generation.</summary>
    private static void Remove(string folder)
    {
        try
        {
            if (Directory.Exists(folder))
                Directory.Delete(folder, recursive: true);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            // Not worth a word: it holds no more than the generation itself.
        }
    }
}
