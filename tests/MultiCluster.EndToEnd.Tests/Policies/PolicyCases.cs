using System.Globalization;
using System.Net;
using System.Text.RegularExpressions;

namespace MultiCluster.EndToEnd.Tests.Policies;

/// <summary>
/// Reads files of cases. A case begins with a line <c># title</c>; then come
/// <list type="bullet">
/// <item><c>name/key: value</c>, annotations of the Ingress, with <c>\n</c> for a line's end, and after <c>service</c> of the Service,</item>
/// <item><c>path /a Exact</c>, and others with a Service of their own behind them, which <c>empty spare</c> leaves without a pod, <c>routes 3</c> where there are other routes besides, <c>tls</c>, <c>full</c>, <c>unclassed</c>, <c>least 3.4</c>, and <c>object</c> with lines of a manifest that are indented,</item>
/// <item><c>> GET /path</c>, or a URL, <c>from 127.0.0.7</c>, <c>as ann</c> with a client's certificate, <c>sni other.example</c>, <c>x 3</c> and <c>held</c> behind it, <c>>> name: value</c> for each header, 
/// <c>body 10</c> for as many bytes, <c>body 10 untold</c> where the request does not say how many, <c>offers h2 tls1.2</c> for what the client can; <c>TUNNEL</c> opens a WebSocket, says nothing, and has its answer when the connection has ended,</item>
/// <item><c>&lt; 200</c>, <c>within 1500</c> milliseconds, and <c>&lt;&lt; name: value</c> for headers of the answer, <c>&lt;&lt;&lt; text</c> for its body, <c>pod name: value</c> for those that the pod has seen
/// (<c>-</c>: none of that name; <c>~tls</c> tells version, ciphers and protocol of the connection), <c>pod path: /b</c>, <c>pod service: app</c>, and <c>copy name: value</c> of the copy that is sent elsewhere.</item>
/// </list>
/// </summary>
internal static partial class PolicyCases
{
    private static readonly string Folder = Path.Combine(AppContext.BaseDirectory, "Policies", "Cases");

    public static IReadOnlyList<PolicyCase> All { get; } =
        [.. Directory.GetFiles(Folder, "*.txt").Order(StringComparer.Ordinal).SelectMany(static file => Read(Path.GetFileNameWithoutExtension(file), File.ReadAllLines(file)))];

    private static IEnumerable<PolicyCase> Read(string file, string[] lines)
    {
        var number = 0;
        for (var i = 0; i < lines.Length;)
        {
            var begin = i++;
            while (i < lines.Length && !lines[i].StartsWith("# ", StringComparison.Ordinal))
                i++;
            if (lines[begin].StartsWith("# ", StringComparison.Ordinal))
                yield return new Block(file, ++number, lines[begin][2..]).Read(lines[(begin + 1)..i], begin + 2);
        }
    }

    [GeneratedRegex(@"^> ([A-Z]+) (\S+)(?: from (\S+))?(?: as (\S+))?(?: sni (\S+))?(?: x (\d+))?( held)?$")]
    private static partial Regex RequestLine();

    private sealed class Block(string file, int number, string title)
    {
        private readonly List<(string, string)> _annotations = [];
        private readonly List<(string, string)> _service = [];
        private readonly List<string> _objects = [];
        private readonly List<Exchange> _exchanges = [];
        private readonly List<string> _empty = [];
        private (string, string) _route = ("/", "Prefix");
        private readonly List<(string, string, string)> _more = [];
        private int? _routes;
        private bool _tls;
        private bool _full;
        private bool _unclassed;
        private Version? _least;

        public PolicyCase Read(string[] lines, int first)
        {
            for (var i = 0; i < lines.Length; i++)
            {
                if (lines[i].Length > 0)
                    Assert.True(Take(lines[i]), $"{file}:{first + i}: \"{lines[i]}\" is no line of a case");
            }

            Assert.True(_exchanges.Count > 0, $"{file}: the case \"{title}\" asks nothing");
            return new PolicyCase(file, number, title, _annotations, _service, _objects, _route, _tls, _full, _least, _exchanges)
            {
                More = _more, Empty = _empty, Routes = _routes ?? 1 + _more.Count, IsUnclassed = _unclassed,
            };
        }

        private bool Take(string line)
        {
            if (line.StartsWith("  ", StringComparison.Ordinal))
                return Append(line[2..]);
            if (RequestLine().Match(line) is { Success: true } request)
                return Ask(request.Groups);
            var (word, rest) = Split(line, ' ');
            switch (word)
            {
                case "tls":
                    return _tls = true;
                case "full":
                    return _full = true;
                case "unclassed":
                    return _unclassed = true;
                case "object":
                    _objects.Add("");
                    return true;
                case "least":
                    _least = Version.Parse(rest);
                    return true;
                case "path":
                    return Path(rest.Split(' '));
                case "empty":
                    _empty.Add(rest);
                    return true;
                case "routes":
                    _routes = int.Parse(rest, CultureInfo.InvariantCulture);
                    return true;
                case ">>":
                    return Change(last => last with { Headers = [.. last.Headers, Split(rest, ':')] });
                case "offers":
                    return Change(last => last with { Offers = rest.Split(' ') });
                case "body":
                    return Change(last => last with { Body = int.Parse(rest.Split(' ')[0], CultureInfo.InvariantCulture), TellsLength = !rest.EndsWith(" untold", StringComparison.Ordinal) });
                case "within":
                    return Change(last => last with { Within = TimeSpan.FromMilliseconds(int.Parse(rest, CultureInfo.InvariantCulture)) });
                case "over":
                    return Change(last => last with { Over = TimeSpan.FromMilliseconds(int.Parse(rest, CultureInfo.InvariantCulture)) });
                case "<":
                    return Change(last => last with { Status = int.Parse(rest, CultureInfo.InvariantCulture) });
                case "<<<":
                    return Expect(Place.Text, ("", rest.Replace("\\n", "\n", StringComparison.Ordinal)));
                case "<<":
                    return Expect(Place.Answer, Split(rest, ':'));
                case "pod":
                    return Split(rest, ':') switch
                    {
                        ("path", var path) => Expect(Place.PodPath, ("", path)),
                        ("service", var service) => Expect(Place.PodService, ("", service)),
                        var header => Expect(Place.Pod, header),
                    };
                case "copy":
                    return Expect(Place.Copy, Split(rest, ':'));
                case "service":
                    _service.Add(Annotation(rest));
                    return true;
                default:
                    _annotations.Add(Annotation(line));
                    return word.Contains('/', StringComparison.Ordinal);
            }
        }

        private bool Path(string[] words)
        {
            if (words.Length == 2)
                _route = (words[0], words[1]);
            else
                _more.Add((words[0], words[1], words[2]));
            return true;
        }

        private bool Append(string line)
        {
            _objects[^1] += line + "\n";
            return true;
        }

        private bool Ask(GroupCollection request)
        {
            var from = request[3].Success ? IPAddress.Parse(request[3].Value) : null;
            _exchanges.Add(new Exchange(request[1].Value, request[2].Value, from, request[6].Success ? int.Parse(request[6].Value, CultureInfo.InvariantCulture) : 1, request[7].Success, [], 0, [])
            {
                As = request[4].Success ? request[4].Value : null,
                ServerName = request[5].Success ? request[5].Value : null,
            });
            return true;
        }

        private bool Expect(Place place, (string Name, string Value) item) =>
            Change(last => last with { Expected = [.. last.Expected, new Expected(place, item.Name, item.Value is "-" ? null : item.Value)] });

        private bool Change(Func<Exchange, Exchange> change)
        {
            if (_exchanges.Count == 0)
                return false;
            _exchanges[^1] = change(_exchanges[^1]);
            return true;
        }

        private static (string, string) Annotation(string line)
        {
            var (name, value) = Split(line, ':');
            return (name, value.Replace("\\n", "\n", StringComparison.Ordinal));
        }

        private static (string, string) Split(string line, char at)
        {
            var index = line.IndexOf(at, StringComparison.Ordinal);
            return index < 0 ? (line, "") : (line[..index], line[(index + 1)..].Trim());
        }
    }
}
