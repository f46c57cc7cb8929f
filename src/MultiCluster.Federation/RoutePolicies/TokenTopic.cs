using MultiCluster.Federation.Text;
using MultiCluster.Model.Collections;
using MultiCluster.Model.Policies;

namespace MultiCluster.Federation.RoutePolicies;

/// <summary>JSON Web Tokens. Whoever wrote a key of it wants it: where one can't be read, the route is closed.</summary>
internal static class TokenTopic
{
    private const string Secret = "jwt-secret";
    private const string Algorithm = "jwt-algorithm";
    private const string Issuer = "jwt-issuer";
    private const string Audience = "jwt-audience";
    private const string Header = "jwt-header";
    private const string Closed = ", and until then every request is refused";
    private const int MaxText = 512;
    private const int MaxAudiences = 16;

    public static RoutePolicy? Own(FamilyAnnotations annotations, RoutePolicyContext context, RoutePolicy policy)
    {
        if (!annotations.HasAny(Secret, Algorithm, Issuer, Audience, Header))
            return null;
        var algorithm = annotations.Text(Algorithm, Closed);
        if (!annotations.Has(Algorithm))
            annotations.Refuse(First(annotations), $"stands without {annotations.Family.Prefix}{Algorithm}; name one there, such as RS256{Closed}");
        var keys = algorithm is null ? null : Keys(annotations, context, algorithm);
        var isGood = IsGood(annotations, Issuer, out var issuer) & IsGood(annotations, Header, out var header);
        if (AudiencesOf(annotations) is not { } audiences || keys is null || !isGood)
            return policy with { Closed = true, Token = null };
        header = header?.ToLowerInvariant();
        return policy with { Token = new TokenCheck(algorithm!, keys.Value, issuer, audiences, header == "authorization" ? null : header) };
    }

    private static string First(FamilyAnnotations annotations) =>
        new[] { Secret, Issuer, Audience, Header }.First(annotations.Has);

    private static EquatableArray<string>? Keys(FamilyAnnotations annotations, RoutePolicyContext context, string algorithm)
    {
        if (annotations.Text(Secret, Closed) is not { } written)
        {
            if (!annotations.Has(Secret))
                annotations.Refuse(Algorithm, $"stands without {annotations.Family.Prefix}{Secret}; name a Secret with the key there{Closed}");
            return null;
        }

        if (BasicAuthTopic.KeyOf(written, context.Ingress.Namespace) is not { } secret)
            return null;
        if (context.Secrets(secret) is not { } data)
        {
            BasicAuthTopic.RefuseSecret(annotations, Secret, context, secret);
            return null;
        }

        var keys = TokenKeys.Read(data, algorithm, out var problems);
        foreach (var problem in problems)
            annotations.Refuse(Secret, $"names Secret {Shown.Key(secret)}, {problem}");
        if (keys.Count > 0)
            return keys;
        annotations.Refuse(Secret, $"names Secret {Shown.Key(secret)}, which has no key for {algorithm} that can be read{Closed}");
        return null;
    }

    /// <summary>Nothing is good, too.</summary>
    private static bool IsGood(FamilyAnnotations annotations, string key, out string? text)
    {
        text = annotations.Text(key, Closed);
        return (text is not null || !annotations.Has(key)) && IsShort(annotations, key, text);
    }

    private static EquatableArray<string>? AudiencesOf(FamilyAnnotations annotations)
    {
        if (!annotations.Has(Audience))
            return EquatableArray<string>.Empty;
        if (annotations.Text(Audience, Closed) is not { } written)
            return null;
        var audiences = written.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal).ToEquatableArray();
        if (audiences.Count is 0 or > MaxAudiences)
        {
            annotations.Refuse(Audience, $"names {(audiences.Count == 0 ? "no" : "too many")} audiences; write 1 to {MaxAudiences}, divided by commas{Closed}");
            return null;
        }

        return audiences.All(audience => IsShort(annotations, Audience, audience)) ? audiences : null;
    }

    private static bool IsShort(FamilyAnnotations annotations, string key, string? text)
    {
        if (text is null or { Length: <= MaxText })
            return true;
        annotations.Refuse(key, $"holds a text of more than {MaxText} characters; write a shorter one{Closed}");
        return false;
    }
}
