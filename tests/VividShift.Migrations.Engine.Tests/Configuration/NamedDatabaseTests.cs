using VividShift.Migrations.Databases;

namespace VividShift.Migrations.Engine.Tests.Configuration;

/// <summary>Several databases in one project: <c>databases</c> in the file, <c>-Database</c> in the command.</summary>
public sealed class NamedDatabaseTests
{
    const string Two = """
        {
          "server": "db:5433", "username": "ann", "lockTimeoutSec": 9, "sslMode": "verify-full", "sslRootCertificate": "ca.pem",
          "databases": {
            "orders": { "migrations": "orders/sql", "lockTimeoutSec": 5 },
            "Billing": {
              "connectionString": "postgresql://bea@billing.internal:6000/ledger",
              "role": "billing_owner", "sslMode": "require",
              "protected": true
            },
            "stock": { "server": "other", "database": "stock_live" }
          }
        }
        """;

    [Theory]
    [InlineData("orders", "orders@db:5433", "ann", "VerifyFull")]
    [InlineData("billing", "ledger@billing.internal:6000", "bea", "VerifyCA")]
    [InlineData("stock", "stock_live@other:5432", "ann", "VerifyFull")]
    [InlineData("elsewhere", "elsewhere@db:5433", "ann", "VerifyFull")]
    public async Task A_name_chooses_what_stands_below_it_and_the_rest_comes_from_above(string name, string target, string user, string tls)
    {
        using var project = new Project();
        project.Add("vividshift.json", Two);

        var database = await project.ResolveAsync(project.Request(database: name));

        Assert.Equal((target, user), (database.Target.ToString(), database.Target.UserName));
        Assert.Equal(tls, database.Settings.SslMode.ToString());
        Assert.Equal(Path.Combine(project.Folder, "ca.pem"), database.Settings.RootCertificate);
        Assert.Equal(name == "billing" ? "billing_owner" : null, database.Role);
        Assert.Equal(name == "orders" ? 5 : 9, database.LockTimeout.TotalSeconds);
        Assert.Equal(name == "billing", database.Project.Protected);
        Assert.Equal([Path.Combine(project.Folder, name == "orders" ? "orders/sql" : "migrations")], database.Project.MigrationFolders);
    }

    [Fact]
    public async Task A_name_is_told_and_goes_before_a_variable_that_a_literal_name_only_completes()
    {
        using var project = new Project();
        project.Add("vividshift.json", Two);
        project.Variables["DATABASE_URL"] = "postgresql://eve@variable/main";

        var named = await project.ResolveAsync(project.Request(database: "orders"));
        Assert.Equal("orders@db:5433", named.Target.ToString());
        Assert.Contains("-Database orders is the database of that name in vividshift.json:4", project.Observer.Transcript, StringComparison.Ordinal);

        var literal = await project.ResolveAsync(project.Request(database: "elsewhere"));
        Assert.Equal("elsewhere@variable:5432", literal.Target.ToString());
    }

    [Fact]
    public async Task Beside_a_server_or_a_connection_string_a_name_is_what_the_server_calls_it()
    {
        using var project = new Project();
        project.Add("vividshift.json", Two);

        Assert.Equal("stock@h:5432", (await project.ResolveAsync(project.Request(server: "h", database: "stock"))).Target.ToString());
        Assert.Equal(
            "stock@h:5432", (await project.ResolveAsync(project.Request(connectionString: "Host=h", database: "stock"))).Target.ToString());
    }

    [Fact]
    public async Task On_a_private_server_a_name_still_brings_its_files()
    {
        using var project = new Project();
        project.Add("vividshift.json", Two);

        var database = await project.ResolveAsync(project.Request(database: "orders", sandbox: true));

        Assert.Equal("orders@127.0.0.1:5999", database.Target.ToString());
        Assert.Equal([Path.Combine(project.Folder, "orders/sql")], database.Project.MigrationFolders);
    }

    [Fact]
    public void The_overlay_of_an_environment_and_variables_reach_into_a_database()
    {
        using var project = new Project();
        project.Add("vividshift.json", Two);
        project.Add("vividshift.prod.json", """{ "protected": true, "databases": { "orders": { "server": "prod" }, "extra": {} } }""");
        project.Variables["VIVIDSHIFT__DATABASES__ORDERS__PASSWORD"] = "x";
        var request = project.Request(database: "orders", environment: "prod");

        Assert.Equal(("prod", "vividshift.prod.json:1"), Both(project, "server", request));
        Assert.Equal(("orders", "-Database"), Both(project, "database", request));
        Assert.Equal("VIVIDSHIFT__DATABASES__ORDERS__PASSWORD", project.Describe("password", request).Source);
        Assert.Equal(("chosen", "vividshift.json:4"), Both(project, "databases:orders", request));
        Assert.Equal(("-Database stock", "vividshift.json:10"), Both(project, "databases:stock", request));
        Assert.Equal("vividshift.prod.json:1", project.Describe("databases:extra", request).Source);
    }

    [Theory]
    [InlineData("false", "true", true)]
    [InlineData("true", "false", false)]
    [InlineData("true", null, true)]
    [InlineData(null, "true", true)]
    public void What_the_stronger_file_says_of_protection_holds(string? own, string? overlay, bool expected)
    {
        using var project = new Project();
        project.Add("vividshift.json", $$"""{ "databases": { "a": { "protected": {{own ?? "null"}} } } }""");
        project.Add("vividshift.prod.json", $$"""{ "protected": {{overlay ?? "null"}} }""");

        Assert.Equal(expected, project.Read(project.Request(database: "a", environment: "prod")).Protected);
    }

    [Fact]
    public void In_one_file_a_database_may_be_laid_open()
    {
        using var project = new Project();
        project.Add("vividshift.json", """{ "protected": true, "databases": { "scratch": { "protected": false } } }""");

        Assert.False(project.Read(project.Request(database: "scratch")).Protected);
        Assert.True(project.Read().Protected);
    }

    [Fact]
    public async Task Without_a_choice_the_names_are_told()
    {
        using var project = new Project();
        project.Add("vividshift.json", """{ "databases": { "orders": { "server": "a" }, "billing": { "server": "b" } } }""");

        var refusal = await Assert.ThrowsAsync<MigrationException>(() => project.ResolveAsync());

        Assert.Contains("-Database: billing, orders", refusal.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{ \"databases\": {\n  \"a b\": {} } }", 2, "Names are made of letters")]
    [InlineData("{ \"databases\": {\n  \"a\": { \"servr\": \"x\" } } }", 2, "Did you mean 'server'?")]
    [InlineData("{ \"databases\": [\n] }", 1, "'databases' must be an object")]
    [InlineData("{\n \"databases\": {\n \"a\": \"x\" } }", 3, "'databases:a' must be an object")]
    [InlineData(
        "{ \"databases\": { \"a\": {\n \"sslMode\": \"required\" } } }",
        2,
        "must be disable, allow, prefer, require, verify-ca or verify-full")]
    public void What_is_wrong_below_a_name_is_told_with_its_line(string text, int line, string expected)
    {
        using var project = new Project();
        project.Add("vividshift.json", text);

        var refusal = project.Refusal();

        Assert.Equal(line, refusal.Location!.Line);
        Assert.Contains(expected, refusal.Message, StringComparison.Ordinal);
    }

    static (string, string) Both(Project project, string name, DatabaseRequest request) =>
        (project.Describe(name, request).Value, project.Describe(name, request).Source);
}
