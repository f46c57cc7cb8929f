using System.Globalization;
using MultiCluster.Federation.Settings;
using MultiCluster.Federation.Text;
using MultiCluster.Model.Policies;

namespace MultiCluster.Federation.BackendPolicies;

/// <summary>How servers are tried.</summary>
internal static class CheckReader
{
    public static TimeSpan? Interval(BackendAnnotations all, string key)
    {
        if (all.Text(key) is not { } text)
            return null;
        var end = text.AsSpan().IndexOfAnyExceptInRange('0', '9');
        var number = long.Parse(end < 0 ? text : text[..end], NumberStyles.None, CultureInfo.InvariantCulture);
        var interval = TimeSpan.FromMilliseconds((end < 0 ? "" : text[end..]) switch
        {
            "us" => number / 1000,
            "s" => number * 1000,
            "m" => number * 60_000,
            "h" => number * 3_600_000,
            "d" => number * 86_400_000,
            _ => number,
        });
        if (interval >= BackendPolicy.MinInterval && interval <= BackendPolicy.MaxInterval)
            return interval;
        all.Refuse(key, $"is {Shown.Quoted(text)}; write a time of 100ms to 1h, such as 2s");
        return null;
    }

    /// <summary>Proxies ask it from where they are, which may be nearer to what is meant for nobody else than whoever writes an Ingress is.</summary>
    public static string? Address(BackendAnnotations all, string key)
    {
        if (all.Text(key) is not { } text)
            return null;
        if (IpText.Read(text) is not { } address)
            all.Refuse(key, $"is {Shown.Quoted(text)}; write an IP address of a server");
        else if (!CheckNetworks.Have(all.CheckNetworks, address.Text))
            all.Refuse(key, $"is {Shown.Quoted(text)}, which proxies may not ask, so that they ask pods; have the operator name it, or a network, in haproxy.health-checks.addresses of the configuration file");
        else
            return address.Text;
        return null;
    }

    public static string? AgentWord(BackendAnnotations all)
    {
        const string Key = "agent-check-send";
        if (all.Text(Key) is not { } text)
            return null;
        if (BackendPolicy.IsAgentWord(text))
            return text;
        all.Refuse(Key, $"is {Shown.Quoted(text)}; write at most 64 letters, digits, '-', '_' and '.'");
        return null;
    }

    public static string? CommunityPath(BackendAnnotations all) => all.Text("health-check-uri") is { } path ? Path(all, "health-check-uri", path) : null;

    /// <summary>URI, METHOD URI or METHOD URI VERSION. The method is part of HAProxy's program, and there it is GET.</summary>
    public static string? OfficialPath(BackendAnnotations all)
    {
        const string Key = "check-http";
        if (all.Text(Key) is not { } text)
            return null;
        var words = text.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        if (words.Length > 3 || (words.Length == 3 && words[2] is not ("HTTP/1.0" or "HTTP/1.1")) || (words.Length > 1 && !words[0].All(char.IsAsciiLetterUpper)))
        {
            all.Refuse(Key, $"is {Shown.Quoted(text)}; write a path such as /healthz, or GET /healthz HTTP/1.1");
            return null;
        }

        if (words.Length == 1 || words[0] == "GET")
            return Path(all, Key, words.Length == 1 ? words[0] : words[1]);
        all.Refuse(Key, $"asks by {Shown.Plain(words[0])}, and checks here ask by GET only; write GET and a path");
        return null;
    }

    private static string? Path(BackendAnnotations all, string key, string path)
    {
        if (BackendPolicy.IsCheckPath(path))
            return path;
        all.Refuse(key, $"is {Shown.Quoted(path)}; write a path that begins with /, of at most 1024 printable characters without blanks");
        return null;
    }
}
