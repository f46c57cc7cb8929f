using System.Reflection;
using MultiCluster.Model.Collections;
using MultiCluster.Model.Policies;

namespace MultiCluster.TestKit.Policies;

/// <summary>
/// Policies with anything in them, whatever properties there are: whoever adds one finds it sent, stored and read without a word here. Of
/// values it keeps the types only, not the ranges that comments name.
/// </summary>
public static class AnyPolicy
{
    private const string Letters = "aZ0-._/ \"\\%[]{};\n\u00e9\u20ac\u0001";

    public static RoutePolicy Of(int seed) => Of<RoutePolicy>(seed);

    public static T Of<T>(int seed) => (T)Make(typeof(T), new Random(seed))!;

    private static object? Make(Type type, Random random)
    {
        if (Nullable.GetUnderlyingType(type) is { } value)
            return random.Next(2) == 0 ? null : Make(value, random);
        if (type == typeof(string))
            return new string([.. Enumerable.Range(0, random.Next(1, 12)).Select(_ => Letters[random.Next(Letters.Length)])]);
        if (type == typeof(bool))
            return random.Next(2) == 0;
        if (type == typeof(int))
            return random.Next(-5, 1000);
        if (type == typeof(long))
            return random.NextInt64(long.MinValue, long.MaxValue);
        if (type == typeof(double))
            return (double)random.Next(1000);
        if (type == typeof(TimeSpan))
            return TimeSpan.FromTicks(random.NextInt64(0, TimeSpan.TicksPerDay));
        if (type.IsEnum)
            return Enum.GetValues(type).GetValue(random.Next(Enum.GetValues(type).Length));
        if (type.IsGenericType && type.GetGenericTypeDefinition() == typeof(EquatableArray<>))
            return MakeArray(type.GetGenericArguments()[0], random);
        if ((type.IsClass || type.IsValueType) && type.Namespace == typeof(RoutePolicy).Namespace)
            return MakeRecord(type, random);
        throw new NotSupportedException($"teach this to make a {type}");
    }

    private static object MakeArray(Type item, Random random)
    {
        var items = Array.CreateInstance(item, random.Next(3));
        for (var i = 0; i < items.Length; i++)
            items.SetValue(Make(item, random), i);
        return typeof(EquatableArray).GetMethod(nameof(EquatableArray.Of))!.MakeGenericMethod(item).Invoke(null, [items])!;
    }

    private static object MakeRecord(Type type, Random random)
    {
        var constructor = type.GetConstructors().OrderByDescending(static candidate => candidate.GetParameters().Length).First();
        var made = constructor.Invoke([.. constructor.GetParameters().Select(parameter => MakeOptional(parameter.ParameterType, new NullabilityInfoContext().Create(parameter), random))]);
        foreach (var property in type.GetProperties().Where(property => property.CanWrite && Array.TrueForAll(constructor.GetParameters(), parameter => parameter.Name != property.Name)))
            property.SetValue(made, MakeOptional(property.PropertyType, new NullabilityInfoContext().Create(property), random));
        return made;
    }

    private static object? MakeOptional(Type type, NullabilityInfo nullability, Random random) =>
        !type.IsValueType && nullability.WriteState == NullabilityState.Nullable && random.Next(2) == 0 ? null : Make(type, random);
}
