using System.Text;
using MultiCluster.Controller.Metrics.Traffic;
using MultiCluster.HAProxy.Runtime.Statistics;

namespace MultiCluster.Controller.Tests.Metrics;

/// <summary>What a worker might say, for a <see cref="TrafficBook"/>.</summary>
internal static class StatText
{
    public const string Title = "# pxname,svname,qcur,scur,stot,bin,bout,dreq,econ,eresp,wretr,wredis,status,weight,type,hrsp_2xx,hrsp_5xx,req_tot,cli_abrt,srv_abrt,mode,";

    public static string Backend(string name, long requests, long sessions = 0) =>
        $"{name},BACKEND,0,{sessions},{requests},10,20,0,0,0,0,0,UP,1,1,{requests},0,{requests},0,0,http,";

    public static string Server(string backend, string name, long requests, string status = "no check") =>
        $"{backend},{name},0,0,{requests},10,20,,0,0,0,0,{status},1,2,{requests},0,{requests},0,0,http,";

    public static void Read(this TrafficBook book, int pid, params string[] rows) => book.Read(pid, 0, Title, rows);

    public static void Read(this TrafficBook book, int pid, int uptime, string title, params string[] rows)
    {
        book.Begin();
        book.OnInfo(Encoding.UTF8.GetBytes($"Pid: {pid}"));
        book.OnInfo(Encoding.UTF8.GetBytes($"Uptime_sec: {uptime}"));
        book.OnTable(StatTable.Of(Encoding.UTF8.GetBytes(title))!);
        foreach (var row in rows)
            book.OnRow(Encoding.UTF8.GetBytes(row));
        book.End(isWhole: true);
    }
}
