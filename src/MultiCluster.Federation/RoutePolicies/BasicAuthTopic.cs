using System.Globalization;
using MultiCluster.Federation.Ingresses;
using MultiCluster.Federation.Text;
using MultiCluster.Model.Collections;
using MultiCluster.Model.Conditions;
using MultiCluster.Model.Identity;
using MultiCluster.Model.Policies;

namespace MultiCluster.Federation.RoutePolicies;

/// <summary>Names and passwords of a Secret. Whoever wrote a key of it wants it: where it can't be had, the route is closed.</summary>
internal static class BasicAuthTopic
{
    public const string Key = "auth-secret";
    private const string Closed = ", and until then every request is refused";
    private const int MaxRealm = 256;
    private const int MaxUsers = 1000;
    private const string NginxRealm = "Authentication Required";

    public static RoutePolicy? Community(FamilyAnnotations annotations, RoutePolicyContext context, RoutePolicy policy) =>
        Read(annotations, context, policy, annotations.DefaultOf("auth-realm"), SecretForm.ClearFile);

    public static RoutePolicy? Official(FamilyAnnotations annotations, RoutePolicyContext context, RoutePolicy policy) =>
        Read(annotations, context, policy, annotations.DefaultOf("auth-realm"), SecretForm.Keys);

    public static RoutePolicy? Nginx(FamilyAnnotations annotations, RoutePolicyContext context, RoutePolicy policy) =>
        Read(annotations, context, policy, NginxRealm, annotations.Text("auth-secret-type", Closed) switch
        {
            "auth-map" => SecretForm.Keys,
            null when annotations.Has("auth-secret-type") => null,
            _ => SecretForm.File,
        });

    private static RoutePolicy? Read(FamilyAnnotations annotations, RoutePolicyContext context, RoutePolicy policy, string realm, SecretForm? form)
    {
        if (!annotations.HasAny(Key, "auth-type"))
            return null;
        var users = form is { } read && IsBasic(annotations) && SecretOf(annotations, context) is { } secret ? Users(annotations, context, secret, read) : null;
        var written = annotations.Text("auth-realm");
        if (written is { Length: > MaxRealm })
            annotations.Refuse("auth-realm", string.Create(CultureInfo.InvariantCulture, $"has {written.Length} characters; write at most {MaxRealm}"));
        else
            realm = written ?? realm;
        return users is null
            ? policy with { Closed = true, BasicAuthentication = null }
            : policy with { BasicAuthentication = new BasicAuthentication(realm, users.Value) };
    }

    private static bool IsBasic(FamilyAnnotations annotations)
    {
        var type = annotations.Text("auth-type", Closed);
        if (type == "digest")
            annotations.Refuse("auth-type", $"is \"digest\", for which the proxy would need passwords in clear; write basic{Closed}");
        return type is "basic" or "basic-auth" || !annotations.Has("auth-type");
    }

    private static ObjectKey? SecretOf(FamilyAnnotations annotations, RoutePolicyContext context)
    {
        if (annotations.Text(Key, Closed) is not { } written)
        {
            if (!annotations.Has(Key))
                annotations.Refuse("auth-type", $"stands without {annotations.Family.Prefix}{Key}; name a Secret there{Closed}");
            return null;
        }

        if (KeyOf(written, context.Ingress.Namespace) is not { } key)
            annotations.Refuse(Key, $"is {Shown.Quoted(written)}, a file of the proxy's machine; put it into a Secret and name that{Closed}");
        else
            return key;
        return null;
    }

    /// <summary>Nothing of it is here.</summary>
    public static void RefuseSecret(FamilyAnnotations annotations, string key, RoutePolicyContext context, ObjectKey secret)
    {
        if (secret.Namespace == context.Ingress.Namespace)
            annotations.Refuse(key, $"names Secret {Shown.Key(secret)}, which there is not; create it{Closed}", Reasons.SecretNotFound);
        else
            annotations.Refuse(key, $"names Secret {Shown.Key(secret)}, {PolicySecrets.OfOthers(secret, context.Ingress.Namespace)}{Closed}", Reasons.RefNotPermitted);
    }

    /// <summary>Null for what is no Secret's name.</summary>
    public static ObjectKey? KeyOf(string written, string space) => written.Split('/') switch
    {
        [var name] => new ObjectKey(space, name),
        [var other, var name] => new ObjectKey(other, name),
        _ => null,
    };

    private static EquatableArray<UserPassword>? Users(FamilyAnnotations annotations, RoutePolicyContext context, ObjectKey secret, SecretForm form)
    {
        if (context.Secrets(secret) is not { } data)
        {
            RefuseSecret(annotations, Key, context, secret);
            return null;
        }

        var users = UserSecret.Read(data, form, out var problems);
        foreach (var problem in problems)
            annotations.Refuse(Key, $"names Secret {Shown.Key(secret)}, {problem}");
        if (users.Count == 0)
            annotations.Refuse(Key, $"names Secret {Shown.Key(secret)}, which has no user that can be read{Closed}");
        if (users.Count > MaxUsers)
            annotations.Refuse(Key, string.Create(CultureInfo.InvariantCulture, $"names Secret {Shown.Key(secret)}, which has more than {MaxUsers} users; write fewer{Closed}"));
        return users.Count is 0 or > MaxUsers ? null : users.ToEquatableArray();
    }
}
