using FsCheck;
using FsCheck.Fluent;
using VividShift.Migrations.Engine.Connections;
using VividShift.Migrations.Engine.Tests.Configuration;

namespace VividShift.Migrations.Engine.Tests.Connections;

/// <summary>Which form a text is in, and what is refused for being in none or in two.</summary>
public sealed class ConnectionTextTests
{
    [Theory]
    [InlineData("host=127.0.0.1 port=5432 user=app password=hunter2 dbname=x", "127.0.0.1", "x", "app", "hunter2")]
    [InlineData("password=x host=prod.example", "prod.example", null, null, "x")]
    [InlineData("host = h  password\t=\n'a b'dbname=d", "h", "d", null, "a b")]
    [InlineData(@"host=h password=a\'b\\c\ d", "h", null, null, @"a'b\c d")]
    [InlineData(@"host=h password='a\'b\\c d'", "h", null, null, @"a'b\c d")]
    [InlineData("host=h password=p;w", "h", null, null, "p;w")]
    [InlineData("host=h password=p=w", "h", null, null, "p=w")]
    [InlineData("host=h password='x user=y'", "h", null, null, "x user=y")]
    [InlineData("host=h user='' password='' dbname=d", "h", "d", null, null)]
    [InlineData("host=h host=i", "i", null, null, null)]
    [InlineData("host=name hostaddr=192.0.2.7", "192.0.2.7", null, null, null)]
    [InlineData("hostaddr=192.0.2.7 host=name", "192.0.2.7", null, null, null)]
    [InlineData("host='/tmp/my folder' dbname='a b'", "/tmp/my folder", "a b", null, null)]
    [InlineData("host=h", "h", null, null, null)]
    [InlineData("Host=h;Password=p w;Database=a b", "h", "a b", null, "p w")]
    [InlineData("Host=h;Password=p=w", "h", null, null, "p=w")]
    [InlineData("Host=h;Password=\"a;b\"\"c\";Database=d", "h", "d", null, "a;b\"c")]
    [InlineData("Host=h;Password='x user=y'", "h", null, null, "x user=y")]
    [InlineData("host=h;port=5432;database=d", "h", "d", null, null)]
    [InlineData("Host=h;Options=-c application_name=x -c user=y;", "h", null, null, null)]
    public void A_list_of_pairs_is_read_in_the_form_that_explains_it(string text, string host, string? database, string? user, string? password)
    {
        var settings = ConnectionText.Parse(text, "X");

        Assert.Equal((host, database, user, password), (settings.Host, settings.Database, settings.Username, settings.Password));
    }

    [Theory]
    [InlineData(@"password=hun\ter2")]
    [InlineData("password=hunter2;")]
    [InlineData(@"password='hunter2\\'")]
    public void What_two_forms_explain_differently_is_refused(string text) => AssertRefused(text, "one thing in libpq's form and another in Npgsql's");

    [Theory]
    [InlineData("Host=h password=hunter2")]
    [InlineData("Host=h Port=5432 Password=hunter2")]
    [InlineData("host=h;password=a dbname=hunter2")]
    [InlineData("user= password=hunter2 host=h")]
    [InlineData("password= host=hunter2")]
    [InlineData("Database=x Username=hunter2")]
    [InlineData("host=h user=u password=a;port=5")]
    public void A_pair_within_a_value_is_refused(string text) => AssertRefused(text, "within a value");

    [Theory]
    [InlineData("host=a,b dbname=hunter2", "several are refused")]
    [InlineData("host='hunter2 x' dbname=d", "names a host")]
    [InlineData("host=u:hunter2@h dbname=d", "names a host")]
    [InlineData("host=h port=hunter2", "'port' that cannot be used")]
    [InlineData("host=h:5433 dbname=d", "names a host")]
    [InlineData("host=h hostaddr=hunter2", "'hostaddr' that cannot be used")]
    [InlineData("host=h dbname=postgresql://u:hunter2@h/d", "'dbname' that cannot be used")]
    [InlineData("host=h dbname='x password=hunter2'", "'dbname' that cannot be used")]
    [InlineData("host=h user=u:hunter2@h", "'user' that cannot be used")]
    [InlineData("host=h dbname", "neither a URL nor")]
    [InlineData("host=h password='hunter2", "neither a URL nor")]
    [InlineData("host=h hunter2=x", "unknown keyword in pair 2")]
    [InlineData("host=h passwort=hunter2", "unknown keyword in pair 2. Did you mean 'password'?")]
    [InlineData("host=h password=a hunter2=x", "unknown keyword after the password")]
    [InlineData("HOST=h PORT=1 PASSWORD=hunter2", "within a value")]
    [InlineData("host=h sslmode=hunter2", "'sslmode' that cannot be used: it must be disable, allow")]
    [InlineData("host=h target_session_attrs=standby", "only any, primary, read-write or prefer-standby can be had")]
    [InlineData("Host=h;Timeout=hunter2", "'connect_timeout' that cannot be used")]
    [InlineData("Host=h;Minimum Pool Size=hunter2", "Npgsql's own keywords")]
    [InlineData("   ", "is empty")]
    [InlineData("jdbc:postgresql://app:hunter2@h/x?a=b", "scheme")]
    [InlineData("pgx5://app:hunter2@h/x?sslmode=disable", "scheme")]
    [InlineData("postgresql+asyncpg://app:hunter2@h/x", "scheme")]
    [InlineData("\"postgresql://app:hunter2@h/x\"", "neither a URL nor")]
    [InlineData("DATABASE_URL=postgresql://app:hunter2@h/x", "unknown keyword in pair 1")]
    [InlineData("postgresql:app:hunter2@h/x?a=b", "scheme")]
    [InlineData("postgresql://app:hunter2:5432/x", "names a host")]
    [InlineData("postgresql://app:4711?user=hunter2@h", "@ in the wrong place")]
    [InlineData("postgresql://h/d;password=hunter2", "'dbname' that cannot be used")]
    [InlineData("postgresql://h/d&password=hunter2", "'dbname' that cannot be used")]
    [InlineData("postgresql://h%20hunter2/d", "names a host")]
    public void What_no_form_explains_is_refused_without_repeating_it(string text, string expected) => AssertRefused(text, expected);

    [Fact]
    public void Any_value_survives_the_quotes_of_libpqs_form() => Prop.ForAll(
        ArbMap.Default.ArbFor<string>().Filter(text => !string.IsNullOrEmpty(text)),
        ArbMap.Default.ArbFor<string>().Filter(text => !string.IsNullOrEmpty(text)),
        (one, other) =>
        {
            var pairs = ConnectionPairs.OfLibpq($"a={ConnectionPairs.Quote(one)} b = {ConnectionPairs.Quote(other)}");
            return pairs is [{ Keyword: "a", IsQuoted: true } first, { Keyword: "b" } second] && (first.Value, second.Value) == (one, other);
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void Any_text_at_all_is_read_or_refused_and_never_repeated()
    {
        var pieces = Gen.Elements(
            "host", "password", "=", " = ", " ", ";", "'", "\"", "\\", "Kq7x", "Kq7x=", "h", ":", "@", "/", "?", "&", "postgresql://", "Password=", "user=", "%", ",", "\n");
        Prop.ForAll(Gen.ArrayOf(pieces, 14).ToArbitrary(), words =>
        {
            try
            {
                ConnectionText.Parse(string.Concat(words), "X");
                return true;
            }
            catch (MigrationException refusal)
            {
                return refusal.Code == MigrationErrorCode.ConfigurationInvalid && !refusal.ToString().Contains("Kq7x", StringComparison.OrdinalIgnoreCase);
            }
        }).QuickCheckThrowOnFailure();
    }

    [Theory]
    [InlineData("PGHOST", "a,b")]
    [InlineData("PGHOST", "h password=hunter2")]
    [InlineData("PGHOSTADDR", "a,b")]
    [InlineData("PGDATABASE", "postgresql://u:hunter2@h/d")]
    [InlineData("PGUSER", "u:hunter2@h")]
    [InlineData("PGPORT", "hunter2")]
    [InlineData("PGSSLCRL", "hunter2")]
    [InlineData("VIVIDSHIFT__SERVER", "a,b")]
    [InlineData("VIVIDSHIFT__DATABASE", "host=h password=hunter2")]
    public void A_list_of_hosts_and_a_whole_connection_are_refused_in_a_variable_too(string name, string value)
    {
        using var project = new Project();
        project.Variables["PGHOST"] = "h";
        project.Variables[name] = value;

        var refusal = project.Refusal();

        Assert.Contains(name, refusal.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("hunter2", refusal.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain(value, refusal.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_service_is_refused_where_it_would_say_which_database_is_meant()
    {
        using var project = new Project();
        project.Variables["PGSERVICE"] = "prod";
        project.Variables["PGHOST"] = "h";
        project.Variables["PGDATABASE"] = "d";

        Assert.Contains("PGSERVICE", project.Refusal().Message, StringComparison.Ordinal);
        Assert.Equal("h2", project.Describe("server", project.Request("host=h2 dbname=d")).Value);
    }

    [Fact]
    public void The_URL_itself_in_the_place_of_its_variables_name_is_refused()
    {
        using var project = new Project();
        project.Add("sqlx.toml", "[common]\ndatabase-url-var = \"postgresql://u:hunter2@h/d\"\n");

        var refusal = project.Refusal();

        Assert.Equal(2, refusal.Location!.Line);
        Assert.DoesNotContain("hunter2", refusal.ToString(), StringComparison.Ordinal);
    }

    static void AssertRefused(string text, string expected)
    {
        var refusal = Assert.Throws<MigrationException>(() => ConnectionText.Parse(text, "THE_SOURCE"));

        Assert.Equal(MigrationErrorCode.ConfigurationInvalid, refusal.Code);
        Assert.Contains(expected, refusal.Message, StringComparison.Ordinal);
        Assert.Contains("THE_SOURCE", refusal.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("hunter2", refusal.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain("ter2", refusal.ToString(), StringComparison.Ordinal);
    }
}
