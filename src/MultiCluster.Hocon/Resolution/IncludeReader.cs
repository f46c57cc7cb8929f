using MultiCluster.Hocon.Syntax;

namespace MultiCluster.Hocon.Resolution;

/// <summary>Finds and parses included files, and refuses cycles.</summary>
internal sealed class IncludeReader(IHoconFiles files)
{
    private readonly Stack<string> open = [];
    private int count;

    public ObjectSyntax ReadRoot(string path)
    {
        open.Clear();
        open.Push(Normalise(path));
        var text = Read(path, new HoconOrigin(path, 0), "cannot be read")
            ?? throw new HoconException(new HoconOrigin(path, 0), "the file does not exist");
        return Parser.Parse(text, path);
    }

    /// <returns>The file to be included, or null where a missing file is no error. Each one entered must be left.</returns>
    public (string File, ObjectSyntax Syntax)? Enter(IncludeSyntax include, string from)
    {
        var path = Normalise(Path.Combine(Path.GetDirectoryName(from) ?? "", include.File));
        var at = new HoconOrigin(from, include.Line);
        if (open.Contains(path, StringComparer.Ordinal))
            throw new HoconException(at, $"include cycle: {string.Join(" -> ", open.Reverse())} -> {path}");
        if (open.Count > Limits.IncludeDepth)
            throw new HoconException(at, $"includes are nested deeper than {Limits.IncludeDepth} files");
        if (++count > Limits.Includes)
            throw new HoconException(at, $"more than {Limits.Includes} includes");
        var text = Read(path, at, $"included file {path} cannot be read");
        if (text is null)
            return include.Required ? throw new HoconException(at, $"included file {path} does not exist; write include optional(\"...\") if it need not") : null;
        open.Push(path);
        return (path, Parser.Parse(text, path));
    }

    public void Leave() => open.Pop();

    private string? Read(string path, HoconOrigin at, string failure)
    {
        try
        {
            return files.Read(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new HoconException(at, $"{failure}: {e.Message}");
        }
    }

    /// <summary>Drops <c>.</c> and <c>x/..</c> by text alone, so that one file has one name without asking the disk.</summary>
    private static string Normalise(string path)
    {
        var kept = new List<string>();
        foreach (var element in path.Split(Path.DirectorySeparatorChar, Path.AltDirectorySeparatorChar))
        {
            if (element == ".." && kept is [.., not ("" or "..")])
                kept.RemoveAt(kept.Count - 1);
            else if (element != "." && (element.Length > 0 || kept.Count == 0))
                kept.Add(element);
        }
        return string.Join(Path.DirectorySeparatorChar, kept);
    }
}
