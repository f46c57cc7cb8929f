using System.Runtime.CompilerServices;
using System.Text;
using Google.Protobuf;
using MultiCluster.Controller.Records;
using MultiCluster.Controller.Tests.Support;
using MultiCluster.Controller.Wire;
using MultiCluster.Model.Traffic;
using P = MultiCluster.Controller.Wire.Protos;

namespace MultiCluster.Controller.Tests.Wire;

/// <summary>
/// Every message as text and as bytes, for review: any change of the wire shows here. MULTICLUSTER_WRITE_GOLDEN=1 writes the files anew.
/// The file of a schema that is not written any more stays: what was stored in it must be read.
/// </summary>
public sealed class GoldenTests
{
    public static TheoryData<string> Names => [.. Samples.All.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void What_is_written_is_the_golden_file(string name)
    {
        var (type, bytes) = DomainCodec.Encode(Samples.All[name]);
        var file = PathOf(name, MessageTypes.Find(type)!.Schema);
        var text = Show(type, bytes);
        if (Environment.GetEnvironmentVariable("MULTICLUSTER_WRITE_GOLDEN") == "1")
        {
            Directory.CreateDirectory(Path.GetDirectoryName(file)!);
            File.WriteAllText(file, text);
        }

        Assert.True(File.Exists(file), $"{file} is missing: run once with MULTICLUSTER_WRITE_GOLDEN=1");
        Assert.Equal(File.ReadAllText(file), text);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void What_was_ever_written_is_read(string name)
    {
        var files = Directory.GetFiles(Path.GetDirectoryName(PathOf(name, 1))!, $"{name}.v*.txt");
        Assert.NotEmpty(files);
        foreach (var file in files)
        {
            Assert.Equal(DomainCodec.Encode(Samples.All[name]).Bytes.ToArray(), DomainCodec.Encode(Read(file)).Bytes.ToArray());
        }
    }

    [Theory]
    [InlineData(MemberState.Drain, "decision-member-drained")]
    [InlineData(MemberState.Active, "decision-member-undrained")]
    public void What_is_only_read_by_now_is_read_as_what_it_meant(MemberState meant, string name) => Assert.Equal(
        new Decision.MemberChanged(new Cause(CauseKind.Operator, null, "ann"), Make.Aws, new MemberTraits(meant)), Read(PathOf(name, 1)));

    [Fact]
    public void No_golden_file_is_left_unread()
    {
        string[] onlyRead = ["decision-member-drained", "decision-member-undrained"];
        var files = Directory.GetFiles(Path.GetDirectoryName(PathOf("any", 1))!).Select(static file => Path.GetFileName(file).Split('.')[0]);
        Assert.Empty(files.Except(Samples.All.Keys, StringComparer.Ordinal).Except(onlyRead, StringComparer.Ordinal));
    }

    [Fact]
    public void Every_type_of_message_has_a_golden_file() =>
        Assert.Empty(MessageTypes.All.Select(static type => type.Name).Except(Samples.All.Values.Select(static value => DomainCodec.Encode(value).Type), StringComparer.Ordinal));

    private static object Read(string file)
    {
        var lines = File.ReadAllLines(file);
        var hex = string.Concat(lines.SkipWhile(static line => line != "bytes").Skip(1));
        var value = DomainCodec.Decode(lines[0], Convert.FromHexString(hex.Replace(" ", "", StringComparison.Ordinal)), out var error);
        Assert.True(error is null, $"{file}: {error}");
        return value!;
    }

    private static string Show(string type, ReadOnlyMemory<byte> bytes)
    {
        var envelope = P.Envelope.Parser.ParseFrom(bytes.Span);
        var body = MessageTypes.Find(type)!.Parser.ParseFrom(envelope.Body);
        var text = new StringBuilder();
        text.Append(type).Append("\nschema ").Append(envelope.Schema).Append('\n');
        text.Append(JsonFormatter.Default.WithIndentation().Format(body).ReplaceLineEndings("\n")).Append('\n');
        foreach (var secret in envelope.Secrets)
            text.Append("secret ").Append(secret.ToStringUtf8()).Append('\n');
        text.Append("bytes\n");
        foreach (var line in Convert.ToHexStringLower(bytes.Span).Chunk(64))
            text.Append(line).Append('\n');
        return text.ToString();
    }

    private static string PathOf(string name, int schema, [CallerFilePath] string source = "") =>
        Path.Combine(Path.GetDirectoryName(source)!, "Golden", $"{name}.v{schema}.txt");
}

file static class Formatting
{
    public static JsonFormatter WithIndentation(this JsonFormatter _) => new(JsonFormatter.Settings.Default.WithIndentation());
}
