using System.Collections.Immutable;
using MultiCluster.Hocon;

namespace MultiCluster.Host.Configuration;

/// <summary>What is wrong with a configuration, as far as can be told without starting anything.</summary>
/// <param name="Errors">Keep "multicluster run" from starting.</param>
/// <param name="Warnings">Keep a member out until it is put right; the others are served.</param>
public sealed record ConfigurationFindings(ImmutableArray<HoconError> Errors, ImmutableArray<HoconError> Warnings);

/// <summary>Reads a configuration as a start does, and the files that it names.</summary>
public static class ConfigurationCheck
{
    public static ConfigurationFindings Of(string path, Func<string, string?> environment, Role? role)
    {
        HoconDocument document;
        try
        {
            document = HostConfiguration.Document(path, environment);
        }
        catch (HoconException invalid)
        {
            return new ConfigurationFindings([.. invalid.Errors], []);
        }

        var (options, errors) = Read(document, role);
        var files = new ConfigurationFiles(document);
        // What does not depend on whether the rest is right is told with it: one run names all.
        errors.AddRange(files.Problems(role ?? RoleOf(document), environment("PATH") ?? ""));
        return new ConfigurationFindings([.. errors.Distinct()], [.. options is null ? [] : files.MemberProblems(options)]);
    }

    private static (HostOptions? Options, List<HoconError> Errors) Read(HoconDocument document, Role? role)
    {
        try
        {
            return (HostConfiguration.Options(document, role: role), []);
        }
        catch (HoconException invalid)
        {
            return (null, [.. invalid.Errors]);
        }
    }

    private static Role RoleOf(HoconDocument document) => document.GetString("role") switch
    {
        "controller" => Role.Controller,
        "proxy" => Role.Proxy,
        _ => Role.All,
    };
}
