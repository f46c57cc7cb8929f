namespace MultiCluster.EndToEnd.Tests.Support;

/// <summary>Keys that a test shows at work, which are in none of the tables of cases.</summary>
/// <param name="prefix">Of the keys; all of its name where it is one.</param>
[AttributeUsage(AttributeTargets.Method, AllowMultiple = true)]
internal sealed class ShowsAttribute(string prefix, params string[] keys) : Attribute
{
    public IEnumerable<string> Names => keys.Length == 0 ? [prefix] : keys.Select(key => prefix + key);

    /// <summary>They change while requests come, of which none fails, and HAProxy's worker stays.</summary>
    public bool IsUnderLoad { get; init; }
}
