using System.Text.RegularExpressions;
using MultiCluster.EndToEnd.Tests.Support;

namespace MultiCluster.EndToEnd.Tests.Policies;

/// <summary>Sessions of a Service with several pods.</summary>
internal static class SessionAsk
{
    private const int Sessions = 6;

    private const string Tls = "tls ";

    private const string OldAgent = "Mozilla/5.0 (iPhone; CPU iPhone OS 12_4 like Mac OS X) Safari/604.1";

    public static async Task<string?> WrongAsync(ProxyClient client, string host, ServerCase item)
    {
        var isTls = item.Detail.StartsWith(Tls, StringComparison.Ordinal);
        var expression = isTls ? item.Detail[Tls.Length..] : item.Detail;
        var pods = new HashSet<string>(StringComparer.Ordinal);
        var hasSecond = item.Annotations.Any(static one => one.Value == ServerCase.SecondHost);
        for (var session = 0; session < Sessions; session++)
        {
            var first = await AskAsync(null, host);
            var cookie = first.Headers.GetValueOrDefault("Set-Cookie", "");
            if (!Regex.IsMatch(cookie, expression, RegexOptions.None, TimeSpan.FromSeconds(1)))
                return $"the answer's cookie is \"{cookie}\", not {expression}";
            var pair = $"other=1; {cookie[..cookie.IndexOf(';', StringComparison.Ordinal)]}; last=2";
            pods.Add(first.Echo?.Pod ?? "nobody");
            for (var i = 0; i < 4; i++)
            {
                var next = await AskAsync(pair, hasSecond && i % 2 == 1 ? ServerCase.SecondHost : host);
                if (next.Echo?.Pod != first.Echo?.Pod)
                    return $"{next} answers a session that began with {first}";
                if (next.Headers.ContainsKey("Set-Cookie"))
                    return "a session that is bound is bound anew";
            }
        }

        if (pods.Count < 2)
            return "all sessions meet one pod";
        var (name, spares) = (expression[1..expression.IndexOf('=', StringComparison.Ordinal)], item.Annotations.Any(static one => one.Name.EndsWith("conditional-samesite-none", StringComparison.Ordinal)));
        if (spares && (await AskAsync(null, host, ("User-Agent", OldAgent))).Headers.GetValueOrDefault("Set-Cookie") is var spared && spared?.Contains("SameSite", StringComparison.Ordinal) != false)
            return $"an agent that knows no SameSite=None gets \"{spared}\"";
        if ((await AskAsync($"{name}=0123456789abcdef", host)).Headers.GetValueOrDefault("Set-Cookie") is not { } renewed || !Regex.IsMatch(renewed, expression, RegexOptions.None, TimeSpan.FromSeconds(1)))
            return "a session with a pod that is not there gets no other";
        if (item.Effect == ServerEffect.YieldingSession && (await AskAsync(null, host, (EchoPods.ReplyPrefix + "set-cookie", $"{name}=own"))).Headers.GetValueOrDefault("Set-Cookie") is var own && own?.Trim(',', ' ') != $"{name}=own")
            return $"where the pod sets the cookie itself the client gets \"{own}\"";
        return null;

        Task<Answer> AskAsync(string? cookie, string at, params (string Name, string Value)[] more) => client.SendAsync(HttpMethod.Get, $"{(isTls ? "https" : "http")}://{at}/", headers =>
        {
            if (cookie is not null)
                headers.Add("Cookie", cookie);
            foreach (var (header, value) in more)
                headers.TryAddWithoutValidation(header, value);
        });
    }
}
