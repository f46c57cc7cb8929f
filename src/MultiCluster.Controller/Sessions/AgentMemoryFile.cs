using System.Text.Json;
using MultiCluster.Model.Collections;
using MultiCluster.Model.Routing;

namespace MultiCluster.Controller.Sessions;

/// <summary>Where an agent's memory lies, beside HAProxy's start file: how far what HAProxy holds had come, by shard.</summary>
public sealed class AgentMemoryFile(string path)
{
    /// <summary>Null where there is none, or none that can be read: the agent then believes the first controller that it meets.</summary>
    public AgentMemory? Load()
    {
        try
        {
            if (!File.Exists(path))
                return null;
            var pairs = JsonSerializer.Deserialize<long[][]>(File.ReadAllBytes(path));
            return pairs is null || pairs.Any(static pair => pair is not { Length: 2 })
                ? null
                : new AgentMemory(pairs.Select(static pair => new FragmentVersion(pair[0], pair[1])).ToEquatableArray());
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException or JsonException)
        {
            return null;
        }
    }

    /// <returns>What went wrong; null when it is there, whole.</returns>
    public string? Save(AgentMemory memory)
    {
        var fresh = path + ".new";
        try
        {
            File.WriteAllBytes(fresh, JsonSerializer.SerializeToUtf8Bytes(memory.Highest.Select(static version => new[] { version.Epoch, version.Version })));
            File.Move(fresh, path, overwrite: true);
            return null;
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            return failure.Message;
        }
    }
}
