namespace MultiCluster.Cli.Output;

public enum OutputFormat
{
    Table,
    Json,
}
