using FsCheck;
using FsCheck.Fluent;

namespace VividShift.Migrations.Engine.Tests.Configuration;

public sealed class ConfigurationReaderTests
{
    [Fact]
    public void Every_setting_has_a_value_and_a_source()
    {
        using var project = new Project();
        project.Add("vividshift.json", """
            {
              "connectionString": "postgresql://ann:hers@db:5433/shop?sslmode=require",
              "commandTimeoutSec": 30,
              "templates": "t"
            }
            """);
        project.Add(".env", "PGPASSWORD=unused\nVIVIDSHIFT__LOCKTIMEOUTSEC=9\n");

        Assert.Equal(
            [
                ("environment", "dev", "default"),
                (
                    "connectionString",
                    "Host=db;Port=5433;Database=shop;Username=ann;Password=********;SSL Mode=Require",
                    "vividshift.json:2"),
                ("server", "db", "vividshift.json:2"),
                ("port", "5433", "vividshift.json:2"),
                ("database", "shop", "vividshift.json:2"),
                ("username", "ann", "vividshift.json:2"),
                ("password", "********", "vividshift.json:2"),
                ("sslMode", "require", "vividshift.json:2"),
                ("lockTimeoutSec", "9", "VIVIDSHIFT__LOCKTIMEOUTSEC (.env:2)"),
                ("commandTimeoutSec", "30", "vividshift.json:3"),
                ("connectRetrySec", "0", "default"),
                ("protected", "false", "default"),
                ("migrations", Path.Combine(project.Folder, "migrations"), "default"),
                ("templates", Path.Combine(project.Folder, "t"), "vividshift.json:4"),
                ("backups", Path.Combine(project.Folder, "backups"), "default"),
                ("seeds", Path.Combine(project.Folder, "seeds"), "default"),
                ("checks", Path.Combine(project.Folder, "checks"), "default"),
                ("migrate:table-name", "_sqlx_migrations", "default"),
            ],
            Sorted(project));
    }

    [Fact]
    public void Parts_of_a_connection_name_their_own_sources()
    {
        using var project = new Project();
        project.Add(".env", "\nDATABASE_URL=postgresql://db\n");
        project.Variables["PGPASSWORD"] = "x";
        var request = project.Request(database: "shop");

        Assert.Equal("DATABASE_URL (.env:2)", project.Describe("server", request).Source);
        Assert.Equal(("5432", "default"), (project.Describe("port", request).Value, project.Describe("port", request).Source));
        Assert.Equal("-Database", project.Describe("database", request).Source);
        Assert.Equal("PGPASSWORD", project.Describe("password", request).Source);
        Assert.Equal("default", project.Describe("username", request).Source);
    }

    [Fact]
    public void Without_a_connection_the_rest_is_described()
    {
        using var project = new Project();

        Assert.Equal(("", "not configured"), (project.Describe("connectionString").Value, project.Describe("connectionString").Source));
        Assert.DoesNotContain(project.Describe(), setting => setting.Name == "server");
    }

    [Fact]
    public void The_sandbox_is_described_without_starting_it()
    {
        using var project = new Project();

        Assert.Equal("-Sandbox", project.Describe("server", project.Request(sandbox: true)).Source);
    }

    [Fact]
    public void A_password_never_shows_wherever_it_came_from()
    {
        var words = Gen.Elements("a", "b", "Z", "0", "@", ";", "=", "'", "\"", "%", "/", "?", "#", ":", " ", "$", "\\", "é");
        Prop.ForAll(
            Gen.ArrayOf(words, 12).ToArbitrary(),
            Gen.Choose(0, 6).ToArbitrary(),
            (characters, place) =>
            {
                // The fixed beginning makes a find certain to be the password.
                var password = "Kq7x" + string.Concat(characters);
                using var project = new Project();
                var transcript = Transcript(project, password, place);
                return !transcript.Contains("Kq7x", StringComparison.OrdinalIgnoreCase);
            }).QuickCheckThrowOnFailure();
    }

    /// <summary>Everything that comes out when a password stands in one of the places, well or badly formed.</summary>
    static string Transcript(Project project, string password, int place)
    {
        string? connectionString = null;
        switch (place)
        {
            case 0:
                connectionString = $"postgresql://ann:{password}@h/d";
                break;
            case 1:
                connectionString = $"postgresql://ann:{Uri.EscapeDataString(password)}@h/d";
                break;
            case 2:
                connectionString = $"Host=h;Password={password};Database=d";
                break;
            case 3:
                project.Variables["VIVIDSHIFT__PASSWORD"] = password;
                project.Variables["VIVIDSHIFT__SERVER"] = "h";
                break;
            case 4:
                project.Add(".env", $"PGHOST=h\nPGPASSWORD={password}\n");
                break;
            case 5:
                project.Add("vividshift.json", $"{{ \"server\": \"h\", \"password\": \"{password}\" }}");
                break;
            default:
                project.Add("vividshift.json", $"{{ \"connectionString\": \"Host=h;SSL Password={password}\" }}");
                break;
        }

        var request = project.Request(connectionString);
        var said = new List<string>();
        try
        {
            said.AddRange(project.Describe(request).Select(setting => setting.ToString()));
            said.Add(project.ResolveAsync(request).GetAwaiter().GetResult().Target.ToString());
        }
        catch (MigrationException refusal)
        {
            said.Add(refusal.ToString());
        }

        return string.Join('\n', said.Append(project.Observer.Transcript));
    }

    static IEnumerable<(string, string, string)> Sorted(Project project) =>
        project.Describe().Select(setting => (setting.Name, setting.Value, setting.Source));
}
