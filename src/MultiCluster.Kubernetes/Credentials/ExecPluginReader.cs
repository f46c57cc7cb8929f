using System.Buffers;
using System.Text;
using System.Text.Json;
using MultiCluster.Kubernetes.Client;
using MultiCluster.Model.Collections;

namespace MultiCluster.Kubernetes.Credentials;

/// <summary>Reads users[].user.exec, and refuses what may not be run or can't be run without a terminal.</summary>
/// <param name="folder">Of the kubeconfig, for commands with a relative path.</param>
internal sealed class ExecPluginReader(string folder, KubeConfigTrust trust, Func<string, KubeConfigException> error)
{
    private const string ConfigExtension = "client.authentication.k8s.io/exec";

    public ExecPlugin? Read(JsonElement user, JsonElement cluster)
    {
        if (user.ValueKind != JsonValueKind.Object || !user.TryGetProperty("exec", out var exec) || exec.ValueKind == JsonValueKind.Null)
            return null;
        if (exec.ValueKind != JsonValueKind.Object)
            throw error("the user's exec must be a mapping");
        var command = Text(exec, "command") is { Length: > 0 } given ? given : throw error("the user's exec names no command");
        if (!trust.Allows(command))
        {
            throw error($"it would run \"{command}\" on the controller, which whoever may write this kubeconfig must not; use a token or a client "
                + "certificate, or allow that command in the controller's configuration");
        }

        RefuseInteractive(exec, command);
        return new ExecPlugin(
            ApiVersionOf(exec, command),
            command.Contains('/', StringComparison.Ordinal) ? Path.GetFullPath(command, folder) : command,
            Arguments(exec),
            Variables(exec, command),
            Flag(exec, "provideClusterInfo") ? ClusterJson(cluster) : null,
            Text(exec, "installHint"));
    }

    private string ApiVersionOf(JsonElement exec, string command) => Text(exec, "apiVersion") switch
    {
        ExecPlugin.V1 => ExecPlugin.V1,
        ExecPlugin.V1Beta1 => ExecPlugin.V1Beta1,
        var other => throw error($"exec of \"{command}\" has apiVersion {other ?? "(none)"}; {ExecPlugin.V1} and {ExecPlugin.V1Beta1} are understood: update the plugin"),
    };

    private void RefuseInteractive(JsonElement exec, string command)
    {
        switch (Text(exec, "interactiveMode"))
        {
            case "Never" or "IfAvailable":
            case null when Text(exec, "apiVersion") == ExecPlugin.V1Beta1:
                return;
            case null:
                throw error($"exec of \"{command}\" has no interactiveMode, which {ExecPlugin.V1} demands; write Never or IfAvailable");
            case "Always":
                throw error($"exec of \"{command}\" has interactiveMode Always, and a controller has no terminal; use a plugin that asks nobody");
            case var other:
                throw error($"interactiveMode \"{other}\" of \"{command}\" is none of Never, IfAvailable, Always");
        }
    }

    private EquatableArray<string> Arguments(JsonElement exec)
    {
        if (!exec.TryGetProperty("args", out var items) || items.ValueKind == JsonValueKind.Null)
            return [];
        if (items.ValueKind != JsonValueKind.Array || items.EnumerateArray().Any(static item => item.ValueKind != JsonValueKind.String))
            throw error("exec.args must be a list of strings");
        return [.. items.EnumerateArray().Select(static item => item.GetString()!)];
    }

    private EquatableMap Variables(JsonElement exec, string command)
    {
        if (!exec.TryGetProperty("env", out var items) || items.ValueKind == JsonValueKind.Null)
            return EquatableMap.Empty;
        if (items.ValueKind != JsonValueKind.Array)
            throw error("exec.env must be a list of name and value");
        var variables = new List<KeyValuePair<string, string>>();
        foreach (var item in items.EnumerateArray())
        {
            if (Text(item, "name") is not { Length: > 0 } name || name.Contains('=', StringComparison.Ordinal))
                throw error("exec.env must be a list of name and value");
            if (!trust.AllowsVariable(name))
                throw error($"it would set the variable {name} for \"{command}\" on the controller; leave it out, or allow it in the controller's configuration");
            variables.Add(KeyValuePair.Create(name, Text(item, "value") ?? ""));
        }

        return EquatableMap.From(variables);
    }

    /// <summary>As in client-go: the cluster's fields by their JSON names, and the extension that is meant for plugins as config.</summary>
    private static string ClusterJson(JsonElement cluster)
    {
        var buffer = new ArrayBufferWriter<byte>(1024);
        using var json = new Utf8JsonWriter(buffer);
        json.WriteStartObject();
        foreach (var name in new[] { "server", "tls-server-name", "insecure-skip-tls-verify", "certificate-authority-data", "proxy-url", "disable-compression" })
        {
            if (cluster.TryGetProperty(name, out var value) && value.ValueKind != JsonValueKind.Null)
            {
                json.WritePropertyName(name);
                value.WriteTo(json);
            }
        }

        if (Extension(cluster) is { } config)
        {
            json.WritePropertyName("config");
            config.WriteTo(json);
        }

        json.WriteEndObject();
        json.Flush();
        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }

    private static JsonElement? Extension(JsonElement cluster)
    {
        if (!cluster.TryGetProperty("extensions", out var items) || items.ValueKind != JsonValueKind.Array)
            return null;
        foreach (var item in items.EnumerateArray())
        {
            if (Text(item, "name") == ConfigExtension && item.TryGetProperty("extension", out var value))
                return value;
        }

        return null;
    }

    private static string? Text(JsonElement from, string field) =>
        from.ValueKind == JsonValueKind.Object && from.TryGetProperty(field, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    private static bool Flag(JsonElement from, string field) => from.TryGetProperty(field, out var value) && value.ValueKind == JsonValueKind.True;
}
