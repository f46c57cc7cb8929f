using System.Reflection;
using MultiCluster.Hocon;
using MultiCluster.Host.Members;

namespace MultiCluster.Host.Configuration;

/// <summary>Loads a configuration file over the documented defaults.</summary>
public static class HostConfiguration
{
    /// <param name="probe">What is wrong for good with what a member is to be read from; by default whether there is an "in-cluster".</param>
    /// <param name="role">Of the command line; null: what the file says.</param>
    /// <exception cref="HoconException">With every error, each with file and line.</exception>
    public static HostOptions Load(string path, Func<string, string?> environment, Func<MemberOptions, string?>? probe = null, Role? role = null)
    {
        var loader = new HoconLoader(new DiskHoconFiles(), environment);
        return new HostOptionsReader(loader.Load(path, Reference()), role, probe ?? MemberFactory.LastingProblem).Read();
    }

    public static HoconSchema Reference()
    {
        using var stream = Assembly.GetExecutingAssembly().GetManifestResourceStream("reference.conf")
            ?? throw new InvalidOperationException("reference.conf is not in the assembly");
        using var reader = new StreamReader(stream);
        return HoconSchema.Parse(reader.ReadToEnd());
    }
}
