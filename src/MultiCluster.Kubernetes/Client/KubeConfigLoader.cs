using System.Text.Json;
using MultiCluster.Kubernetes.Credentials;
using MultiCluster.Kubernetes.Yaml;
using MultiCluster.Model.Security;

namespace MultiCluster.Kubernetes.Client;

/// <summary>Reads one context of a kubeconfig.</summary>
internal sealed class KubeConfigLoader
{
    private readonly string _source;
    private readonly JsonElement _root;
    private readonly KubeConfigTrust _trust;
    private readonly string _folder;
    private string _where;

    private KubeConfigLoader(string source, string folder, JsonElement root, KubeConfigTrust trust)
    {
        _source = source;
        _folder = folder;
        _root = root;
        _trust = trust;
        _where = source;
    }

    public static KubeConfigResult Load(string path, string? context)
    {
        try
        {
            path = Path.GetFullPath(path);
            return Parse(File.ReadAllBytes(path), $"kubeconfig {path}", Path.GetDirectoryName(path)!, KubeConfigTrust.Operator, context);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return new(null, $"kubeconfig {path} can't be read: it does not exist; put it there, or name another file");
        }
        catch (UnauthorizedAccessException e)
        {
            return new(null, $"kubeconfig {path} can't be read: {e.Message}; let the user that this runs as read it");
        }
        catch (Exception e) when (e is IOException or ArgumentException or NotSupportedException)
        {
            return new(null, $"kubeconfig {path} can't be read: {e.Message}");
        }
    }

    public static KubeConfigResult Parse(ReadOnlySpan<byte> utf8, string source, KubeConfigTrust trust, string? context) =>
        Parse(utf8, source, Path.GetPathRoot(Environment.CurrentDirectory)!, trust, context);

    private static KubeConfigResult Parse(ReadOnlySpan<byte> utf8, string source, string folder, KubeConfigTrust trust, string? context)
    {
        var text = ManifestText.Parse(utf8);
        if (text.Error is { } error)
            return new(null, $"{source}, line {text.ErrorLine}: {error}");
        if (text.Documents.Length == 0)
            return new(null, $"{source} is empty");
        try
        {
            using var document = JsonDocument.Parse(text.Documents[0].Json);
            return new(new KubeConfigLoader(source, folder, document.RootElement, trust).Read(context), null);
        }
        catch (KubeConfigException e)
        {
            return new(null, e.Message);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            // Nested deeper than anybody means it, or half of a character.
            return new(null, $"{source} is no kubeconfig: {e.Message}");
        }
    }

    private KubeConfig Read(string? contextName)
    {
        if (_root.ValueKind != JsonValueKind.Object)
            throw Error("it holds no mapping; is it a kubeconfig?");
        contextName ??= Text(_root, "current-context");
        if (string.IsNullOrEmpty(contextName))
            throw Error("current-context is not set; set it or name a context");
        _where = $"{_source}, context {contextName}";
        var context = Named("contexts", contextName, "context");
        var clusterName = Text(context, "cluster") ?? throw Error("the context names no cluster");
        var cluster = Named("clusters", clusterName, "cluster");
        var user = Text(context, "user") is { Length: > 0 } userName ? Named("users", userName, "user") : default;
        RefuseUnsupported(user);
        var material = new KubeConfigMaterial(_folder, _trust.Files, Error);
        return new KubeConfig(ServerOf(cluster, clusterName))
        {
            Source = _where,
            Namespace = Text(context, "namespace"),
            CertificateAuthorities = material.Authorities(
                Text(cluster, "certificate-authority-data"), Text(cluster, "certificate-authority")),
            ClientCertificate = material.ClientCertificate(
                material.Bytes(Text(user, "client-certificate-data"), Text(user, "client-certificate"), "client-certificate"),
                material.Bytes(Text(user, "client-key-data"), Text(user, "client-key"), "client-key")),
            Token = TokenOf(user),
            TokenFile = material.Named(Text(user, "tokenFile"), "tokenFile", "token"),
            Exec = new ExecPluginReader(_folder, _trust, Error).Read(user, cluster),
            Files = material.Read,
            InsecureSkipTlsVerify = Flag(cluster, "insecure-skip-tls-verify"),
            TlsServerName = ServerNameOf(cluster),
            ProxyUrl = ProxyOf(cluster),
        };
    }

    private void RefuseUnsupported(JsonElement user)
    {
        foreach (var (field, fix) in new[]
        {
            ("auth-provider", "Kubernetes removed it in 1.26; use a token, a tokenFile or a client certificate"),
            ("username", "Kubernetes removed basic authentication in 1.19; use a token or a client certificate"),
            ("as", "impersonation: give the user its own credentials"),
        })
        {
            if (user.ValueKind == JsonValueKind.Object && user.TryGetProperty(field, out var value) && value.ValueKind != JsonValueKind.Null)
                throw Error($"the user's {field} is not supported; {fix}");
        }
    }

    private Uri ServerOf(JsonElement cluster, string name)
    {
        var server = Text(cluster, "server") ?? throw Error($"cluster {name} has no server");
        if (!Uri.TryCreate(server, UriKind.Absolute, out var uri) || uri.Scheme is not ("https" or "http"))
            throw Error($"server \"{UserInfo.Hide(server)}\" of cluster {name} is no http(s) address");
        // API servers take none since Kubernetes 1.19, and the address is shown in many places.
        uri = UserInfo.Without(uri);
        return uri.AbsolutePath.EndsWith('/') ? uri : new Uri(uri.AbsoluteUri + "/");
    }

    private Uri? ProxyOf(JsonElement cluster)
    {
        if (Text(cluster, "proxy-url") is not { Length: > 0 } proxy)
            return null;
        return Uri.TryCreate(proxy, UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https" or "socks5"
            ? uri
            : throw Error($"proxy-url \"{UserInfo.Hide(proxy)}\" is no http, https or socks5 address");
    }

    /// <summary>A block of YAML ends with a line break that nobody means.</summary>
    private Secret? TokenOf(JsonElement user)
    {
        if (Text(user, "token")?.Trim() is not { Length: > 0 } token)
            return null;
        return BearerToken.IsUsable(token) ? Secret.FromText(token) : throw Error(BearerToken.Problem);
    }

    private string? ServerNameOf(JsonElement cluster)
    {
        if (Text(cluster, "tls-server-name") is not { Length: > 0 } name)
            return null;
        return Uri.CheckHostName(name) != UriHostNameType.Unknown
            ? name
            : throw Error($"tls-server-name \"{UserInfo.Hide(name)}\" is no host name: write the name in the API server's certificate, without https:// or a port");
    }

    private JsonElement Named(string list, string name, string field)
    {
        if (!_root.TryGetProperty(list, out var items) || items.ValueKind != JsonValueKind.Array)
            throw Error($"it has no {list}");
        foreach (var item in items.EnumerateArray())
        {
            if (item.ValueKind == JsonValueKind.Object && string.Equals(Text(item, "name"), name, StringComparison.Ordinal)
                && item.TryGetProperty(field, out var value) && value.ValueKind == JsonValueKind.Object)
            {
                return value;
            }
        }

        var known = items.EnumerateArray().Where(static i => i.ValueKind == JsonValueKind.Object).Select(i => Text(i, "name"));
        throw Error($"there is no {field} \"{name}\" in {list} (there are: {string.Join(", ", known)})");
    }

    private string? Text(JsonElement from, string field)
    {
        if (from.ValueKind != JsonValueKind.Object || !from.TryGetProperty(field, out var value))
            return null;
        return value.ValueKind switch
        {
            JsonValueKind.String => value.GetString(),
            JsonValueKind.Null => null,

            // A name such as 1234 that nobody quoted.
            JsonValueKind.Number => value.GetRawText(),
            _ => throw Error($"{field} must be a string"),
        };
    }

    private bool Flag(JsonElement from, string field)
    {
        if (from.ValueKind != JsonValueKind.Object || !from.TryGetProperty(field, out var value))
            return false;
        return value.ValueKind switch
        {
            JsonValueKind.True => true,
            JsonValueKind.False or JsonValueKind.Null => false,
            _ => throw Error($"{field} must be true or false"),
        };
    }

    private KubeConfigException Error(string message) => new($"{_where}: {message}");
}

/// <summary>Carries a message from deep in a file to <see cref="KubeConfigLoader.Load"/>, which makes a value of it.</summary>
internal sealed class KubeConfigException(string message) : Exception(message);
