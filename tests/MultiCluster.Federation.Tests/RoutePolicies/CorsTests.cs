using MultiCluster.Model.Policies;

namespace MultiCluster.Federation.Tests.RoutePolicies;

public sealed class CorsTests
{
    private const string Community = "GET, PUT, POST, DELETE, PATCH, OPTIONS; DNT, X-CustomHeader, Keep-Alive, User-Agent, X-Requested-With, If-Modified-Since, Cache-Control, Content-Type, Authorization; ";
    private const string Nginx = "GET, PUT, POST, DELETE, PATCH, OPTIONS; DNT, Keep-Alive, User-Agent, X-Requested-With, If-Modified-Since, Cache-Control, Content-Type, Range, Authorization; ";

    [Theory]
    [InlineData("J:cors-enable=false", null)]
    [InlineData("J:cors-allow-origin=https://a.example", null)]
    [InlineData("J:cors-enable=true", $"any; {Community}; False; 86400")]
    [InlineData("J:cors-enable=true & J:cors-allow-origin=https://A.example, http://b.example:8080", $"http://b.example:8080 https://a.example; {Community}; True; 86400")]
    [InlineData("J:cors-enable=true & J:cors-allow-origin-regex=https://a[0-9]+ ^https://b$", $"^https://a[0-9]+$ ^https://b$$; {Community}; True; 86400")]
    [InlineData("J:cors-enable=true & J:cors-allow-origin=https://c & J:cors-allow-origin-regex=https://a & J:cors-allow-credentials=false & J:cors-max-age=5 & J:cors-expose-headers=X-A,X-B & J:cors-allow-methods=GET & J:cors-allow-headers=*", "https://c ^https://a$; GET; *; X-A, X-B; False; 5")]
    [InlineData("H:cors-enable=on", "any; *; *; ; False; 5")]
    [InlineData("H:cors-enable=true & H:cors-allow-origin=https://(www\\.)?a\\.example & H:cors-allow-credentials=true & H:cors-max-age=2m & H:cors-allow-methods=GET,POST", "^https://(www\\.)?a\\.example$; GET, POST; *; ; True; 120")]
    [InlineData("H:cors-enable=true & H:cors-allow-origin=.*", "any; *; *; ; False; 5")]
    [InlineData("N:enable-cors=true", $"any; {Nginx}; False; 1728000")]
    [InlineData("N:enable-cors=true & N:cors-allow-origin=https://*.a.example,http://b.example:80", $"http://b.example:80 https://*.a.example; {Nginx}; True; 1728000")]
    public void Origins_are_allowed_with_the_defaults_of_their_controller(string lines, string? expected) => Assert.Equal(expected, Text(Reading.Policy(lines).Cors));

    [Theory]
    [InlineData("J:cors-enable=yes", null, "write true or false")]
    [InlineData("N:enable-cors=true & N:cors-allow-origin=a.example,https://b.example", $"https://b.example; {Nginx}; True; 1728000", "holds \"a.example\", which counts for nothing")]
    [InlineData("N:enable-cors=true & N:cors-allow-origin=https://b.example/path", null, "without a path")]
    [InlineData("N:enable-cors=true & N:cors-allow-origin=null", null, "holds \"null\"")]
    [InlineData("N:enable-cors=true & N:cors-allow-origin=", null, "until then no other origin is allowed")]
    [InlineData("J:cors-enable=true & J:cors-allow-origin=https://*.a.example", null, "and without a wildcard")]
    [InlineData("J:cors-enable=true & J:cors-allow-origin-regex=(a+)+", null, "which can take endless time; remove one of the two, and until then no other origin is allowed")]
    [InlineData("H:cors-enable=true & H:cors-allow-origin=(", null, "until then no other origin is allowed")]
    [InlineData("H:cors-enable=true & H:cors-allow-methods=a b", null, "holds \"a b\"")]
    [InlineData("N:enable-cors=true & N:cors-allow-credentials=true", $"any; {Nginx}; False; 1728000", "which browsers refuse; name the origins")]
    [InlineData("N:enable-cors=true & N:cors-allow-origin=https://a & N:cors-allow-credentials=maybe & N:cors-max-age=5", $"https://a; {Nginx}; False; 5", "write true or false")]
    [InlineData("N:enable-cors=true & N:cors-max-age=5s", $"any; {Nginx}; False; 1728000", "write a whole number")]
    public void What_cannot_be_read_allows_nothing(string lines, string? expected, string problem)
    {
        var reading = Reading.Of(lines);
        Assert.Equal(expected, Text(reading.Policy.Cors));
        Assert.Contains(problem, Assert.Single(reading.Problems).Text, StringComparison.Ordinal);
    }

    private static string? Text(CorsPolicy? cors) => cors is null ? null
        : $"{(cors.AnyOrigin ? "any" : string.Join(' ', cors.Origins.Concat(cors.OriginPatterns)))}; {cors.Methods}; {cors.Headers}; {cors.ExposeHeaders}; {cors.Credentials}; {cors.MaxAge}";
}
