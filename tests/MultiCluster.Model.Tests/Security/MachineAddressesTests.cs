using System.Net;
using MultiCluster.Model.Security;

namespace MultiCluster.Model.Tests.Security;

public sealed class MachineAddressesTests
{
    [Theory]
    [InlineData("127.0.0.1", true)]
    [InlineData("127.9.9.9", true)]
    [InlineData("::ffff:127.0.0.1", true)]
    [InlineData("::1", true)]
    [InlineData("0.0.0.0", true)]
    [InlineData("::", true)]
    [InlineData("169.254.169.254", true)]
    [InlineData("::ffff:169.254.169.254", true)]
    [InlineData("64:ff9b::a9fe:a9fe", true)]
    [InlineData("2002:a9fe:a9fe::1", true)]
    [InlineData("fe80::1", true)]
    [InlineData("224.0.0.1", true)]
    [InlineData("ff02::1", true)]
    [InlineData("fd00:ec2::254", true)]
    [InlineData("fd20:ce::254", true)]
    [InlineData("100.100.100.200", true)]
    [InlineData("168.63.129.16", true)]
    [InlineData("192.0.0.192", true)]
    [InlineData("10.0.0.5", false)]
    [InlineData("2001:db8::1", false)]
    [InlineData("64:ff9b::a00:5", false)]
    [InlineData("2002:a00:5::1", false)]
    public void Own_machines_their_links_and_credentials_of_clouds_are_told(string address, bool isHeld) => Assert.Equal(isHeld, MachineAddresses.Holds(IPAddress.Parse(address)));
}
