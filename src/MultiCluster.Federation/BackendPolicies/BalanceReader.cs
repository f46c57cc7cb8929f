using System.Globalization;
using MultiCluster.Federation.Text;
using MultiCluster.Model.Policies;

namespace MultiCluster.Federation.BackendPolicies;

/// <param name="Key">With <see cref="BalanceAlgorithm.Hash"/>.</param>
internal sealed record Balancing(BalanceAlgorithm Algorithm, HashKey? Key = null)
{
    public static Balancing By(HashSource source, string name = "", int depth = 0) => new(BalanceAlgorithm.Hash, new HashKey(source, name, depth));
}

/// <summary>How servers are chosen.</summary>
internal static class BalanceReader
{
    private const string Hashes = "source, uri, uri whole, uri depth 1 to 8, url_param NAME, hdr(NAME)";

    public static Balancing? Community(BackendAnnotations all) => OfHAProxy(all, "balance-algorithm");

    public static Balancing? Official(BackendAnnotations all) => OfHAProxy(all, "load-balance");

    /// <summary>upstream-hash-by counts before load-balance there too.</summary>
    public static Balancing? Nginx(BackendAnnotations all)
    {
        var balance = all.Text("load-balance") switch
        {
            "round_robin" => new Balancing(BalanceAlgorithm.RoundRobin),
            "ewma" => new Balancing(BalanceAlgorithm.LeastConnections),
            _ => null,
        };
        if (all.Text("upstream-hash-by") is not { } text)
            return balance;
        if (NginxVariables.Read(text) is { } key)
            return new Balancing(BalanceAlgorithm.Hash, key);
        all.Refuse("upstream-hash-by", $"is {Shown.Quoted(text)}; write one of $remote_addr, $request_uri, $uri, $host, $arg_NAME, $http_NAME and $cookie_NAME, alone");
        return balance;
    }

    private static Balancing? OfHAProxy(BackendAnnotations all, string key)
    {
        if (all.Text(key) is not { } text)
            return null;
        if (Read(text) is { } balancing)
            return balancing;
        all.Refuse(key, $"is {Shown.Quoted(text)}, which can't be followed here; write roundrobin, leastconn, first, random, or one of {Hashes}, without other options");
        return null;
    }

    /// <summary>As HAProxy's <c>balance</c> takes it; null for what the program has not.</summary>
    internal static Balancing? Read(string text)
    {
        var words = text.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        if (words is ["roundrobin" or "static-rr"])
            return new Balancing(BalanceAlgorithm.RoundRobin);
        return words switch
        {
            ["leastconn"] => new Balancing(BalanceAlgorithm.LeastConnections),
            ["first"] => new Balancing(BalanceAlgorithm.First),
            ["source"] => Balancing.By(HashSource.Address),
            ["uri", .. var options] => Uri(options),
            ["url_param", var name] when HashKey.IsName(name) => Balancing.By(HashSource.Parameter, name),
            ["hash", var sample] => Sample(sample),
            [var one] when Argument(one, "random") is { } draws => draws.Length == 0 || IsNumber(draws, 1, int.MaxValue, out _) ? new Balancing(BalanceAlgorithm.Random) : null,
            [var one] when Argument(one, "hdr") is { } name && HashKey.IsName(name) => Header(name),
            _ => null,
        };
    }

    /// <summary>len would cut a path in the middle of an element, by a number that the program does not have.</summary>
    private static Balancing? Uri(string[] options)
    {
        var depth = 0;
        var isWhole = false;
        for (var i = 0; i < options.Length; i++)
        {
            if (options[i] == "whole")
                isWhole = true;
            else if (options[i] == "depth" && i + 1 < options.Length && IsNumber(options[i + 1], 1, HashKey.MaxDepth, out depth))
                i++;
            else if (options[i] != "path-only")
                return null;
        }

        if (isWhole)
            return depth == 0 ? Balancing.By(HashSource.Uri) : null;
        return Balancing.By(HashSource.Path, depth: depth);
    }

    private static Balancing? Sample(string sample)
    {
        switch (sample)
        {
            case "src":
                return Balancing.By(HashSource.Address);
            case "path":
                return Balancing.By(HashSource.Path);
            case "pathq":
                return Balancing.By(HashSource.Uri);
        }

        if ((Argument(sample, "req.hdr") ?? Argument(sample, "hdr")) is { } header && HashKey.IsName(header))
            return Header(header);
        if ((Argument(sample, "req.cook") ?? Argument(sample, "cook")) is { } cookie && HashKey.IsName(cookie))
            return Balancing.By(HashSource.Cookie, cookie);
        return (Argument(sample, "url_param") ?? Argument(sample, "urlp")) is { } parameter && HashKey.IsName(parameter) ? Balancing.By(HashSource.Parameter, parameter) : null;
    }

    /// <summary>Without a port and in lower case it is one host, however it is written.</summary>
    private static Balancing Header(string name) => string.Equals(name, "host", StringComparison.OrdinalIgnoreCase)
        ? Balancing.By(HashSource.Host)
        : Balancing.By(HashSource.Header, name.ToLowerInvariant());

    /// <returns>What is in brackets behind the name, nothing without brackets; null for another name.</returns>
    private static string? Argument(string text, string name)
    {
        if (!text.StartsWith(name, StringComparison.Ordinal))
            return null;
        var rest = text[name.Length..];
        if (rest.Length == 0)
            return "";
        return rest is ['(', .., ')'] ? rest[1..^1] : null;
    }

    private static bool IsNumber(string text, int least, int most, out int number) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number) && number >= least && number <= most;
}
