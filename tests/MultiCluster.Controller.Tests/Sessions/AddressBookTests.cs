using MultiCluster.Controller.Sessions;

namespace MultiCluster.Controller.Tests.Sessions;

public sealed class AddressBookTests
{
    private static readonly AgentOptions Options = new();

    private readonly AddressBook _book = new(["a", "b", "c"], Options, new Random(1));

    [Fact]
    public void Every_address_is_tried_before_one_comes_again()
    {
        var tried = new List<string>();
        for (var n = 0; n < 3; n++)
        {
            tried.Add(_book.Current);
            _book.Failed();
        }

        Assert.Equal(["a", "b", "c"], tried.Order(StringComparer.Ordinal));
        Assert.Equal(tried[0], _book.Current);
    }

    [Fact]
    public void One_whose_session_ended_comes_last()
    {
        var lost = _book.Current;
        _book.Succeeded();
        _book.Lost();
        var tried = new List<string>();
        for (var n = 0; n < 3; n++)
        {
            tried.Add(_book.Current);
            _book.Failed();
        }

        Assert.Equal(lost, tried[^1]);
        Assert.Equal(3, tried.Distinct(StringComparer.Ordinal).Count());
    }

    [Fact]
    public void Waits_grow_by_rounds_up_to_a_limit_and_start_over_after_a_success()
    {
        TimeSpan last = default;
        for (var n = 0; n < 100; n++)
        {
            last = _book.Failed();
            Assert.InRange(last, TimeSpan.Zero, Options.BackoffCap);
        }

        Assert.InRange(last, Options.BackoffCap / 2, Options.BackoffCap);
        _book.Succeeded();
        Assert.InRange(_book.Failed(), TimeSpan.Zero, Options.BackoffBase);
    }

    [Fact]
    public void Agents_of_one_fleet_do_not_all_begin_with_the_same_controller() =>
        Assert.Equal(3, Enumerable.Range(0, 30).Select(static seed => new AddressBook(["a", "b", "c"], Options, new Random(seed)).Current).Distinct(StringComparer.Ordinal).Count());

    [Fact]
    public void No_address_is_a_mistake_of_the_configuration() =>
        Assert.Throws<ArgumentException>(static () => new AddressBook([], Options, new Random(1)));
}
