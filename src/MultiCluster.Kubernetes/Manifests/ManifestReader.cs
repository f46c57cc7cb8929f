using System.Collections.Immutable;
using MultiCluster.Model.Resources;

namespace MultiCluster.Kubernetes.Manifests;

/// <param name="File">As it was named, or below the folder that was.</param>
public sealed record ManifestObject(string File, Resource Resource);

/// <param name="Problems">What was not read, each with the file and why.</param>
public sealed record ManifestReading(ImmutableArray<ManifestObject> Objects, ImmutableArray<string> Problems)
{
    /// <summary>What is wrong in files that were read.</summary>
    public ImmutableArray<FolderProblem> Faults { get; init; } = [];
}

/// <summary>Reads manifests once, as a member's folder is read.</summary>
public static class ManifestReader
{
    /// <param name="paths">Files, or folders with all that is below them.</param>
    public static ManifestReading Read(IEnumerable<string> paths)
    {
        var objects = ImmutableArray.CreateBuilder<ManifestObject>();
        var problems = ImmutableArray.CreateBuilder<string>();
        var faults = ImmutableArray.CreateBuilder<FolderProblem>();
        foreach (var file in paths.SelectMany(path => Files(path, problems)).Distinct(StringComparer.Ordinal))
            Read(file, objects, problems, faults);
        return new ManifestReading(objects.DrainToImmutable(), problems.DrainToImmutable()) { Faults = faults.DrainToImmutable() };
    }

    private static List<string> Files(string path, ImmutableArray<string>.Builder problems)
    {
        if (!Directory.Exists(path))
            return [path];
        try
        {
            var files = FolderScanner.Scan(path, static (_, _) => { }).Keys.Order(StringComparer.Ordinal).Select(file => Path.Combine(path, file)).ToList();
            if (files.Count == 0)
                problems.Add($"{path}: the folder has no file that ends with .yaml, .yml or .json");
            return files;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            problems.Add($"{path}: the folder can't be read: {e.Message}");
            return [];
        }
    }

    private static void Read(
        string file, ImmutableArray<ManifestObject>.Builder objects, ImmutableArray<string>.Builder problems, ImmutableArray<FolderProblem>.Builder faults)
    {
        var reading = FileReading.Of(file);
        if (reading.Outcome != ReadOutcome.Read)
        {
            problems.Add($"{file}: {WhyNot(reading)}");
            return;
        }

        var parsed = new ManifestParser { ChecksMembers = true }.Parse(file, reading.Bytes);
        faults.AddRange(parsed.Problems);
        objects.AddRange(parsed.Objects.Values
            .OrderBy(static resource => resource.Kind).ThenBy(static resource => resource.Key)
            .Select(resource => new ManifestObject(file, resource)));
    }

    private static string WhyNot(FileReading reading) => reading.Outcome switch
    {
        ReadOutcome.Missing => "there is no such file or folder",
        ReadOutcome.Changing => "the file changed while it was read; try again",
        _ => reading.Error,
    };
}
