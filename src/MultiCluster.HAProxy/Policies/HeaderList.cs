using System.Text;
using MultiCluster.Model.Policies;

namespace MultiCluster.HAProxy.Policies;

/// <summary>
/// Changes of headers as HAProxy's <c>set-headers-bin</c>, <c>add-headers-bin</c> and <c>del-headers-bin</c> take them: each text behind its
/// length, and at the end one of no length for each that would be next. What several changes come to for one name is found out here.
/// </summary>
public sealed class HeaderList
{
    private readonly List<Header> _headers = [];

    public HeaderList()
    {
    }

    private HeaderList(IEnumerable<Header> headers) => _headers = [.. headers];

    public bool IsEmpty => _headers.Count == 0;

    public void Change(HeaderAction action, string name, string value)
    {
        var header = _headers.Find(header => header.Name.Equals(name, StringComparison.OrdinalIgnoreCase));
        if (header is null)
            _headers.Add(header = new Header(name));
        if (action != HeaderAction.Add)
            (header.IsReplaced, header.Values) = (true, []);
        if (action != HeaderAction.Delete)
            header.Values.Add(value);
    }

    /// <summary>What a header is set to, if nothing else happens to it.</summary>
    public string? SetTo(string name) =>
        _headers.Find(header => header.Name.Equals(name, StringComparison.OrdinalIgnoreCase)) is { IsReplaced: true, Values: [var value] } ? value : null;

    public HeaderList Without(IReadOnlyCollection<string> names) => new(_headers.Where(header => !names.Contains(header.Name, StringComparer.OrdinalIgnoreCase)));

    /// <summary>Divided by '|': which are taken away, which are set, which are added.</summary>
    public string ToText()
    {
        using var gone = new MemoryStream();
        using var set = new MemoryStream();
        using var added = new MemoryStream();
        foreach (var header in _headers)
        {
            if (header is { IsReplaced: true, Values.Count: 0 })
                Write(gone, header.Name);
            for (var i = 0; i < header.Values.Count; i++)
            {
                var list = i == 0 && header.IsReplaced ? set : added;
                Write(list, header.Name);
                Write(list, header.Values[i]);
            }
        }

        return $"{End(gone, 1)}|{End(set, 2)}|{End(added, 2)}";
    }

    /// <summary>Names and what they get; nothing is taken away.</summary>
    public string ValuesText()
    {
        using var list = new MemoryStream();
        foreach (var header in _headers)
        {
            foreach (var value in header.Values)
            {
                Write(list, header.Name);
                Write(list, value);
            }
        }

        return End(list, 2);
    }

    private static string End(MemoryStream list, int marks)
    {
        if (list.Length == 0)
            return "";
        list.Write(new byte[marks]);
        return PolicyWriter.Text(list.ToArray());
    }

    private static void Write(MemoryStream list, string text)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        WriteLength(list, (ulong)bytes.Length);
        list.Write(bytes);
    }

    /// <summary>HAProxy's own form of numbers: below 240 a byte; else four bits in the first, and seven in each that follows.</summary>
    private static void WriteLength(MemoryStream list, ulong length)
    {
        if (length < 240)
        {
            list.WriteByte((byte)length);
            return;
        }

        list.WriteByte((byte)(length | 240));
        for (length = (length - 240) >> 4; length >= 128; length = (length - 128) >> 7)
            list.WriteByte((byte)(length | 128));
        list.WriteByte((byte)length);
    }

    private sealed class Header(string name)
    {
        public string Name { get; } = name;

        public bool IsReplaced { get; set; }

        public List<string> Values { get; set; } = [];
    }
}
