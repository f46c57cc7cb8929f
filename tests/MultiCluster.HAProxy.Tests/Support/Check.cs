using FsCheck;
using FsCheck.Fluent;

namespace MultiCluster.HAProxy.Tests.Support;

internal static class Check
{
    /// <summary>Runs <paramref name="holds"/>, which throws when a property is broken, on many scripts.</summary>
    public static void Scripts(int count, int size, Action<Script> holds) => Prop
        .ForAll(ArbMap.Default.ArbFor<byte[]>(), bytes => holds(new Script(bytes)))
        .Check(Config.QuickThrowOnFailure.WithMaxTest(count).WithStartSize(10).WithEndSize(size));

    public static void Strings(int count, Action<string> holds) => Prop
        .ForAll(ArbMap.Default.ArbFor<string>(), text => holds(text ?? ""))
        .Check(Config.QuickThrowOnFailure.WithMaxTest(count));
}
