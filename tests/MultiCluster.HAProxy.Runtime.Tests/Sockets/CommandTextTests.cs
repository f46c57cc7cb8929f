using System.Text;
using MultiCluster.HAProxy.Planning;
using MultiCluster.HAProxy.Runtime.Sockets;
using MultiCluster.HAProxy.Runtime.Tests.Support;

namespace MultiCluster.HAProxy.Runtime.Tests.Sockets;

public sealed class CommandTextTests
{
    [Theory]
    [InlineData("")]
    [InlineData("  ")]
    [InlineData("show info\nquit")]
    [InlineData("show info\r")]
    [InlineData("show\0info")]
    [InlineData("show info;quit")]
    [InlineData(@"del map m a\\;quit")]
    [InlineData("add map m <<")]
    [InlineData("add map m <<EOT")]
    [InlineData(@"del map m a\")]
    [InlineData("del map m a\\\nquit")]
    public void A_line_that_could_be_more_than_one_command_is_refused(string line) =>
        Assert.NotNull(CommandText.Problem(TestCommands.Line(line), 16384));

    [Theory]
    [InlineData("show info")]
    [InlineData(@"del map m a\;b")]
    [InlineData(@"del map m a\\")]
    [InlineData(@"del map m a<\<b")]
    [InlineData("del map m \u0001é#'\"")]
    public void A_line_that_is_one_command_passes(string line) =>
        Assert.Null(CommandText.Problem(TestCommands.Line(line), 16384));

    [Theory]
    [InlineData("")]
    [InlineData("\n")]
    [InlineData("a b\n\nclear map m")]
    [InlineData("a b\n\n")]
    [InlineData("a b\r\n\r\nquit")]
    [InlineData("a\0b")]
    [InlineData("key\nb v")]
    [InlineData("a v\nkey")]
    [InlineData("a v\nkey ")]
    [InlineData("a v\n ")]
    [InlineData(" v")]
    public void A_payload_that_could_end_early_or_be_read_otherwise_is_refused(string payload) =>
        Assert.NotNull(CommandText.Problem(TestCommands.WithPayload("add map m", payload), 16384));

    [Theory]
    [InlineData("a b;clear map m <<\nquit now")]
    [InlineData("a b\n")]
    public void A_payload_may_hold_anything_else(string payload) =>
        Assert.Null(CommandText.Problem(TestCommands.WithPayload("add map m", payload), 16384));

    [Fact]
    public void What_does_not_fit_the_buffer_is_refused_and_both_sizes_are_named()
    {
        var problem = CommandText.Problem(TestCommands.WithPayload("set ssl cert m", new string('é', 8170)), 16384);
        Assert.Equal("it has 16354 bytes, HAProxy takes 16320 (tune.bufsize 16384)", problem);
        Assert.Null(CommandText.Problem(TestCommands.WithPayload("set ssl cert m", new string('é', 8150)), 16384));
    }

    [Theory]
    [InlineData("show info", null, "show info\n")]
    [InlineData("add map m", "é v", "add map m <<\né v\n\n")]
    [InlineData("add map m", "a v\nb w\n", "add map m <<\na v\nb w\n\n")]
    public void A_payload_is_closed_by_exactly_one_blank_line(string line, string? payload, string expected)
    {
        var command = new RuntimeCommand(line, payload, ReplyRule.Data);
        var target = new byte[CommandText.MaxBytes(command)];
        Assert.Equal(expected, Encoding.UTF8.GetString(target, 0, CommandText.Write(command, target)));
    }
}
