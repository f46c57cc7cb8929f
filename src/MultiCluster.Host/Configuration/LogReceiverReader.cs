using MultiCluster.HAProxy.Program;
using MultiCluster.Hocon;
using MultiCluster.Model.Collections;

namespace MultiCluster.Host.Configuration;

/// <summary>The access log that our own process writes.</summary>
internal static class LogReceiverReader
{
    private const string Path = "haproxy.log-receiver";

    /// <summary>Null when nothing is to be written.</summary>
    public static LogReceiverOptions? Read(HoconDocument document, List<HoconError> errors)
    {
        var requests = Names("request-headers");
        var responses = Names("response-headers");
        var redact = Names("redact");
        if (requests.Count + responses.Count > LogReceiverOptions.MaxHeaders)
            errors.Add(document.Error($"{Path}.request-headers", $"and response-headers together name more than {LogReceiverOptions.MaxHeaders}; name fewer"));
        if (!document.Has($"{Path}.output"))
            return null;
        var text = document.GetString($"{Path}.output");
        if (document.Has("haproxy.access-log"))
            errors.Add(document.Error("haproxy.access-log", $"is set beside {Path}.output, and a request has one line: write one of them"));
        if (LogOutput.Parse(text) is { } output)
            return new LogReceiverOptions { Output = output, RequestHeaders = requests, ResponseHeaders = responses, Redact = redact };
        errors.Add(document.Error($"{Path}.output", $"is \"{text}\"; write {LogOutput.Meant}"));
        return null;

        EquatableArray<string> Names(string key)
        {
            var names = new List<string>();
            foreach (var name in document.GetStringList($"{Path}.{key}"))
            {
                if (LogReceiverOptions.IsName(name))
                    names.Add(name.ToLowerInvariant());
                else
                    errors.Add(document.Error($"{Path}.{key}", $"holds \"{name}\", which is no name of 1 to 64 letters, digits, \"-\", \"_\" and \".\""));
            }

            return names.Distinct(StringComparer.Ordinal).ToEquatableArray();
        }
    }
}
