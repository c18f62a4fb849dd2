using FsCheck;
using FsCheck.Fluent;
using Npgsql;
using VividShift.Migrations.Engine.Connections;

namespace VividShift.Migrations.Engine.Tests.Connections;

public sealed class ConnectionUrlTests
{
    [Theory]
    [InlineData("postgresql://h", "h", null, null, null, null)]
    [InlineData("postgres://h/d", "h", null, "d", null, null)]
    [InlineData("PostgreSQL://u@h/d", "h", null, "d", "u", null)]
    [InlineData("postgresql://u:p@h:5433/d", "h", 5433, "d", "u", "p")]
    [InlineData("postgresql://u:p@[::1]:5433/d", "::1", 5433, "d", "u", "p")]
    [InlineData("postgresql://[fe80::1]", "fe80::1", null, null, null, null)]
    [InlineData("postgresql://u:p%40%3A%2F@h/d%20e", "h", null, "d e", "u", "p@:/")]
    [InlineData("postgresql://u:p@ss@h/d", "h", null, "d", "u", "p@ss")]
    [InlineData("postgresql://u:a:b@h", "h", null, null, "u", "a:b")]
    [InlineData("postgresql:///d", null, null, "d", null, null)]
    [InlineData("postgresql://", null, null, null, null, null)]
    [InlineData("postgresql:///d?host=/var/run/postgresql&port=5433", "/var/run/postgresql", 5433, "d", null, null)]
    [InlineData("postgresql://%2Fvar%2Frun/d", "/var/run", null, "d", null, null)]
    [InlineData("postgresql://h?user=u&password=p%26&dbname=d", "h", null, "d", "u", "p&")]
    [InlineData("postgresql://h/d?user=u@tenant", "h", null, "d", "u@tenant", null)]
    [InlineData("  postgresql://h/d\n", "h", null, "d", null, null)]
    public void Parts_are_read_as_libpq_reads_them(string url, string? host, int? port, string? database, string? user, string? password)
    {
        var settings = ConnectionText.Parse(url, "X");

        Assert.Equal(
            (host, port, database, user, password),
            (settings.Host, PortOf(settings), settings.Database, settings.Username, settings.Password));
    }

    [Theory]
    [InlineData("sslmode=require", "SSL Mode", "Require")]
    [InlineData("sslmode=verify-full", "SSL Mode", "VerifyFull")]
    [InlineData("ssl-mode=disable", "SSL Mode", "Disable")]
    [InlineData("sslrootcert=/a/b.crt", "Root Certificate", "/a/b.crt")]
    [InlineData("application_name=x%20y", "Application Name", "x y")]
    [InlineData("connect_timeout=7", "Timeout", "7")]
    [InlineData("options=-c%20a%3Db", "Options", "-c a=b")]
    [InlineData("options[lock_timeout]=5s&options[b]=c%20d", "Options", "-c lock_timeout=5s -c b=c\\ d")]
    [InlineData("channel_binding=require", "Channel Binding", "Require")]
    [InlineData("target_session_attrs=read-write&statement-cache-capacity=5&client_encoding=UTF8", "Host", "h")]
    public void Query_parameters_have_libpqs_and_sqlxs_names(string query, string keyword, string expected) =>
        Assert.Equal(expected, ConnectionText.Parse("postgresql://h/d?" + query, "X")[keyword].ToString());

    [Theory]
    [InlineData("postgresql://h/d?sslmod=require", "unknown parameter behind the question mark. Did you mean 'sslmode'?")]
    [InlineData("postgresql://h/d?hunter2=public", "unknown parameter behind the question mark")]
    [InlineData("postgresql://h/d?schema=hunter2", "options[search_path]")]
    [InlineData("postgresql://h/d?sslmode=hunter2", "'sslmode' that cannot be used")]
    [InlineData("postgresql://h/d?connect_timeout=hunter2", "'connect_timeout' that cannot be used")]
    [InlineData("postgresql://h/d?port=0", "'port' that cannot be used")]
    [InlineData("postgresql://h/d?host=a,b", "several are refused")]
    [InlineData("postgresql://h/d?client_encoding=LATIN1", "'client_encoding' that cannot be used")]
    [InlineData("postgresql://h/d?sslmode", "without a value")]
    [InlineData("postgresql://a,b/d", "several are refused")]
    [InlineData("postgresql://u:p@a:1,b:2/d", "several are refused")]
    [InlineData("postgresql://h:x/d", "cannot be used")]
    [InlineData("postgresql://h:70000/d", "cannot be used")]
    [InlineData("postgresql://[::1/d", "cannot be used")]
    [InlineData("postgresql://u:hunter2%zz@h/d", "two hexadecimal digits")]
    [InlineData("postgresql://u:hunter2%00@h/d", "%00")]
    [InlineData("postgresql://u:hun/ter2@h/d", "@ in the wrong place")]
    [InlineData("postgresql://u:hun?ter2=x@h/d", "@ in the wrong place")]
    [InlineData("postgresql://u:a@?hunter2=x@h/d", "@ in the wrong place")]
    [InlineData("postgresql://u:hun#ter2@h/d", "bare #")]
    [InlineData("mysql://u:hunter2@h/d", "scheme that is not PostgreSQL's")]
    [InlineData("Host=h;Passwort=hunter2", "unknown keyword in pair 2. Did you mean 'Password'?")]
    [InlineData("Host=h;Password=a;hunter2=b", "unknown keyword after the password")]
    [InlineData("Host=h;Password=a;hunter2", "neither a URL nor")]
    [InlineData("Host=h;Port=hunter2", "'port' that cannot be used")]
    [InlineData("Host=a,b", "several are refused")]
    [InlineData("hunter2", "neither a URL nor")]
    public void What_cannot_be_read_is_refused_without_repeating_it(string text, string expected)
    {
        var refusal = Assert.Throws<MigrationException>(() => ConnectionText.Parse(text, "THE_SOURCE"));

        Assert.Equal(MigrationErrorCode.ConfigurationInvalid, refusal.Code);
        Assert.Contains(expected, refusal.Message, StringComparison.Ordinal);
        Assert.Contains("THE_SOURCE", refusal.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("hunter2", refusal.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain("ter2", refusal.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Server=h;User Id=u;Pwd='p;=';Database=d;Port=5433", "h", 5433)]
    [InlineData("Host=h:5433", "h", 5433)]
    [InlineData("Host=[::1]:5433", "::1", 5433)]
    [InlineData("Host=::1", "::1", 5432)]
    [InlineData("Host=/run/postgresql", "/run/postgresql", 5432)]
    public void Npgsqls_own_form_is_read_too(string text, string host, int port)
    {
        var settings = ConnectionText.Parse(text, "X");

        Assert.Equal((host, port), (settings.Host, settings.Port));
    }

    [Fact]
    public void Any_user_password_and_database_survive_a_url() =>
        Prop.ForAll(
            ArbMap.Default.ArbFor<string>().Generator.Where(IsText).Three().ToArbitrary(),
            names =>
            {
                var (user, password, database) = (AsName(names.Item1), names.Item2, AsName(names.Item3));
                var credential = $"{Uri.EscapeDataString(user)}:{Uri.EscapeDataString(password)}";
                var settings = ConnectionText.Parse($"postgresql://{credential}@h:5433/{Uri.EscapeDataString(database)}", "X");
                return (settings.Username, settings.Password, settings.Database, settings.Host) == (user, password, database, "h");
            }).QuickCheckThrowOnFailure();

    [Fact]
    public void Any_user_password_and_database_survive_a_connection_string() =>
        Prop.ForAll(
            // DbConnectionStringBuilder itself loses a line feed at the end of a value.
            ArbMap.Default.ArbFor<string>().Generator.Where(text => IsText(text) && !text.Any(char.IsControl)).Three().ToArbitrary(),
            names =>
            {
                var (user, password, database) = (AsName(names.Item1), names.Item2, AsName(names.Item3));
                var written = new NpgsqlConnectionStringBuilder { Host = "h", Username = user, Password = password, Database = database };
                var settings = ConnectionText.Parse(written.ConnectionString, "X");
                return (settings.Username, settings.Password, settings.Database) == (user, password, database);
            }).QuickCheckThrowOnFailure();

    // What looks like a whole connection is refused as a name.
    static string AsName(string text) => text.Replace(':', '.').Replace('=', '.');

    static int? PortOf(NpgsqlConnectionStringBuilder settings) => settings.ShouldSerialize("Port") ? settings.Port : null;

    // Nothing that PostgreSQL could not hold: NUL and half surrogates.
    static bool IsText(string? text) => !string.IsNullOrEmpty(text) && !text.Contains('\0', StringComparison.Ordinal)
        && text.EnumerateRunes().All(rune => rune.Value != 0xFFFD);
}
