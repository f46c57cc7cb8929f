using MultiCluster.Hocon;

namespace MultiCluster.Host.Configuration;

/// <summary>A value that is one of a few words.</summary>
internal static class Words
{
    public static T Of<T>(HoconDocument document, List<HoconError> errors, string path, params ReadOnlySpan<(string Word, T Value)> words)
    {
        var value = document.GetString(path);
        foreach (var (word, meaning) in words)
        {
            if (word == value)
                return meaning;
        }

        errors.Add(document.Error(path, $"must be one of {string.Join(", ", words.ToArray().Select(static item => item.Word))}, but is \"{value}\""));
        return words[0].Value;
    }
}
