using System.Globalization;
using MultiCluster.TestKit.HAProxyVersions;

namespace MultiCluster.Benchmarks;

/// <summary>The command line: a name, then <c>--key value</c> pairs.</summary>
internal sealed record BenchOptions(string Name, IReadOnlyDictionary<string, string> Values)
{
    public HAProxyBinary HAProxy { get; } = Pick(Values.GetValueOrDefault("haproxy"));

    /// <exception cref="BenchException">The command line can't be understood.</exception>
    public static BenchOptions Parse(string[] args)
    {
        if (args.Length % 2 != 1 || args[0].StartsWith('-'))
            throw new BenchException($"usage: tests/bench.sh {string.Join('|', Catalogue.Names)} [--haproxy 2.6|3.0|…] [--routes N] [--changes N] [--swaps N] [--controllers N] [--members N,N,…] [--endpoints N] [--store sqlite|postgresql]");
        var values = new Dictionary<string, string>(StringComparer.Ordinal);
        for (var i = 1; i < args.Length; i += 2)
        {
            if (!args[i].StartsWith("--", StringComparison.Ordinal))
                throw new BenchException($"{args[i]}: an option such as --routes was expected");
            values[args[i][2..]] = args[i + 1];
        }

        return new BenchOptions(args[0], values);
    }

    public int Number(string key, int otherwise)
    {
        if (!Values.TryGetValue(key, out var text))
            return otherwise;
        return int.TryParse(text, CultureInfo.InvariantCulture, out var number) && number > 0
            ? number
            : throw new BenchException($"--{key} {text}: a positive number was expected");
    }

    /// <summary>Numbers with commas between.</summary>
    public IReadOnlyList<int> Numbers(string key, params int[] otherwise)
    {
        if (!Values.TryGetValue(key, out var text))
            return otherwise;
        return [.. text.Split(',').Select(part => int.TryParse(part, CultureInfo.InvariantCulture, out var number) && number > 0
            ? number
            : throw new BenchException($"--{key} {text}: positive numbers with commas between were expected"))];
    }

    public string Text(string key, string otherwise) => Values.GetValueOrDefault(key, otherwise);

    private static HAProxyBinary Pick(string? version) => version is null
        ? HAProxyBinaries.Default
        : HAProxyBinaries.List.FirstOrDefault(binary => binary.Version == version)
            ?? throw new BenchException($"--haproxy {version} is not on this machine; there is {string.Join(", ", HAProxyBinaries.List)} (tests/haproxy-versions.sh gets more)");
}
