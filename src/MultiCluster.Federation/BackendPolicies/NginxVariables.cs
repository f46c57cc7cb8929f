using MultiCluster.Model.Policies;

namespace MultiCluster.Federation.BackendPolicies;

/// <summary>Variables of nginx, such as <c>$request_uri</c> or <c>${arg_id}</c>, that a request can be hashed by.</summary>
internal static class NginxVariables
{
    /// <returns>Null for what is not one of those alone.</returns>
    public static HashKey? Read(string text)
    {
        if (text.Length < 2 || text[0] != '$')
            return null;
        var name = text[1..];
        if (name is ['{', .., '}'])
            name = name[1..^1];
        return name switch
        {
            "remote_addr" or "binary_remote_addr" => HashKey.Address,
            "request_uri" => new HashKey(HashSource.Uri),
            "uri" or "document_uri" => new HashKey(HashSource.Path),
            "host" or "http_host" => new HashKey(HashSource.Host),
            _ => Named(name, "arg_", HashSource.Parameter) ?? Named(name, "cookie_", HashSource.Cookie) ?? Header(name),
        };
    }

    /// <summary>There '_' stands for '-', and no header is known by a name with '_'.</summary>
    private static HashKey? Header(string name) =>
        Named(name, "http_", HashSource.Header) is { } key ? key with { Name = key.Name.Replace('_', '-').ToLowerInvariant() } : null;

    private static HashKey? Named(string text, string prefix, HashSource source) =>
        text.StartsWith(prefix, StringComparison.Ordinal) && HashKey.IsName(text.AsSpan(prefix.Length)) && !text.Contains('.', StringComparison.Ordinal)
            ? new HashKey(source, text[prefix.Length..])
            : null;
}
