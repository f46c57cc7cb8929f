using System.Collections;
using System.Reflection;
using FsCheck.Fluent;
using MultiCluster.Model.Security;

namespace MultiCluster.Controller.Tests.Wire;

/// <summary>
/// That values come back as they went says nothing of a property that no generator sets. So whoever adds one to a type that travels is sent here: first to
/// the generator, then, by the round trip, to the wire.
/// </summary>
public sealed class CoverageTests
{
    /// <summary>What is rare may be in none of a few thousand messages.</summary>
    private const int MostSamples = 20;

    [Fact]
    public void Every_property_of_everything_that_travels_takes_several_values_in_the_tests()
    {
        var seen = new Dictionary<PropertyInfo, HashSet<object>>();
        List<string> constant;
        var samples = 0;
        do
        {
            foreach (var value in Gen.Sample(MessageGen.Any, 3_000, 20))
                Collect(value, seen);
            foreach (var value in Gen.Sample(MessageGen.Status, 100, 20))
                Collect(value, seen);
            constant = [.. seen.Where(static item => item.Value.Count < 2).Select(static item => $"{item.Key.DeclaringType!.Name}.{item.Key.Name}").Order(StringComparer.Ordinal)];

            // Tested apart, since it does not compare by value.
            constant.Remove("Rows.Readiness");

            // Of alternatives within a proxy: in nothing that is published.
            constant.Remove("RouteKey.Taker");
        }
        while (constant.Count > 0 && ++samples < MostSamples);
        Assert.True(constant.Count == 0, $"let the generators set {string.Join(", ", constant)}");
        Assert.True(seen.Count > 100, $"only {seen.Count} properties were found");
    }

    private static void Collect(object? value, Dictionary<PropertyInfo, HashSet<object>> seen)
    {
        if (value is null or string or Secret || value.GetType().IsPrimitive)
            return;
        if (value is IEnumerable items)
        {
            foreach (var item in items)
                Collect(item, seen);
            return;
        }

        if (value.GetType().Namespace?.StartsWith("MultiCluster", StringComparison.Ordinal) != true)
            return;
        foreach (var property in value.GetType().GetProperties(BindingFlags.Public | BindingFlags.Instance).Where(IsSet))
        {
            var held = property.GetValue(value);
            if (!seen.TryGetValue(property, out var values))
                seen.Add(property, values = []);
            if (values.Count < 2)
                values.Add(held ?? "(null)");
            Collect(held, seen);
        }
    }

    /// <summary>Not computed from others.</summary>
    private static bool IsSet(PropertyInfo property) =>
        property.DeclaringType!.GetField($"<{property.Name}>k__BackingField", BindingFlags.Instance | BindingFlags.NonPublic) is not null;
}
