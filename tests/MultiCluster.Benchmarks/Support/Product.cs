namespace MultiCluster.Benchmarks.Support;

/// <summary>The product as its own process, published as it is shipped.</summary>
internal sealed class Product : IServedProduct
{
    private static readonly TimeSpan LookInterval = TimeSpan.FromMilliseconds(250);
    private const int StillLooks = 12;
    private const int MostLooks = 60;

    private readonly ProductConfig _config;
    private readonly ChildProcess _process;
    private readonly AdminClient _admin;

    private Product(ProductConfig config, ChildProcess process)
    {
        _config = config;
        _process = process;
        _admin = new AdminClient(config.AdminPort);
    }

    public static string Assembly { get; } = Path.Combine(AppContext.BaseDirectory, "product", "multicluster.dll");

    public int Port => _config.Port;

    public static async Task<Product> StartAsync(ProductConfig config, string folder, CancellationToken cancellationToken)
    {
        var product = new Product(config, ChildProcess.Start("dotnet", [Assembly, "run", "--config", config.File], Path.Combine(folder, "product.log")));
        try
        {
            await product._process.WhenListeningAsync("127.0.0.1", config.Port, cancellationToken);
            return product;
        }
        catch
        {
            product.Dispose();
            throw;
        }
    }

    public double Resident() => _process.Resident();

    /// <summary>The most that was ever resident, or since <see cref="ResetPeak"/>, in MiB.</summary>
    public double Peak() => _process.Peak();

    public void ResetPeak() => _process.ResetPeak();

    /// <summary>Resident memory in MiB, once it stays as it is: what a start leaves behind is given back only by and by.</summary>
    public async Task<double> SettledAsync(CancellationToken cancellationToken)
    {
        var known = Resident();
        for (var (still, looks) = (0, 0); still < StillLooks && looks < MostLooks; looks++)
        {
            await Task.Delay(LookInterval, TimeProvider.System, cancellationToken);
            var now = Resident();
            still = Math.Abs(now - known) < known / 100 ? still + 1 : 0;
            known = now;
        }

        return known;
    }

    public TimeSpan Cpu() => _process.Cpu();

    public AdminClient Admin => _admin;

    public IReadOnlyList<AdminClient> Processes => [_admin];

    public void Dispose()
    {
        _admin.Dispose();
        _process.Dispose();
        _config.StopHAProxy();
    }
}
