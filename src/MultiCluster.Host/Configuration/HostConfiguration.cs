using System.Reflection;
using MultiCluster.Hocon;
using MultiCluster.Host.Members;

namespace MultiCluster.Host.Configuration;

/// <summary>Loads a configuration file over the documented defaults.</summary>
public static class HostConfiguration
{
    /// <summary>In origins of values that no file sets.</summary>
    internal const string ReferenceName = "reference.conf";

    /// <param name="probe">What is wrong for good with what a member is to be read from; by default whether there is an "in-cluster".</param>
    /// <param name="role">Of the command line; null: what the file says.</param>
    /// <exception cref="HoconException">With every error, each with file and line.</exception>
    public static HostOptions Load(string path, Func<string, string?> environment, Func<MemberOptions, string?>? probe = null, Role? role = null) =>
        Options(Document(path, environment), probe, role);

    /// <summary>With known keys and right types; whether they can be meant is for <see cref="Options"/>.</summary>
    /// <exception cref="HoconException">With every error, each with file and line.</exception>
    public static HoconDocument Document(string path, Func<string, string?> environment) =>
        new HoconLoader(new DiskHoconFiles(), environment).Load(path, Reference());

    /// <inheritdoc cref="Load"/>
    public static HostOptions Options(HoconDocument document, Func<MemberOptions, string?>? probe = null, Role? role = null) =>
        new HostOptionsReader(document, role, probe ?? MemberFactory.LastingProblem).Read();

    public static HoconSchema Reference()
    {
        using var stream = Assembly.GetExecutingAssembly().GetManifestResourceStream(ReferenceName)
            ?? throw new InvalidOperationException($"{ReferenceName} is not in the assembly");
        using var reader = new StreamReader(stream);
        return HoconSchema.Parse(reader.ReadToEnd(), ReferenceName);
    }
}
