using System.Collections;
using System.Management.Automation;
using System.Text;
using System.Text.Json;
using VividShift.Migrations.PowerShell.Tests.Hosting;
using VividShift.Migrations.Testing;

namespace VividShift.Migrations.PowerShell.Tests.Commands;

/// <summary>
/// Connections that are broken, or written for another driver, with a password in them. Nobody may see a piece of it, wherever the text stood
/// and wherever PowerShell keeps what came of it.
/// </summary>
public sealed class ConnectionSecretTests
{
    // Some texts break the password in two: neither half may be seen.
    const string Half = "Kq7xHun";
    const string OtherHalf = "ter2Zw9";
    const string Password = Half + OtherHalf;

    static readonly string[] Texts =
    [
        $"Host=h Port=5432 Username=app Password={Password}",
        $"host=127.0.0.1;port=5432 user=app password={Password} dbname=x",
        $"host=127.0.0.1 port=5432 user=app passwd={Password} dbname=x",
        $"host=127.0.0.1 port=5432 user=app pass={Half} {OtherHalf}= dbname=x",
        $"host=127.0.0.1 user=app password={Half} {OtherHalf} dbname=x",
        $"host=127.0.0.1 user=app password='{Password} dbname=x",
        $"host=127.0.0.1 user=app password='{Half}'{OtherHalf}=' dbname=x",
        $"host= user=app password={Password} dbname=x",
        $"user= password={Password} host=127.0.0.1",
        $"password= host={Password}",
        $"host=app:{Password}@127.0.0.1 dbname=x",
        $"host='127.0.0.1 password={Password}' dbname=x",
        $"dbname=postgresql://app:{Password}@127.0.0.1/x host=127.0.0.1",
        $"host=127.0.0.1,{Password} dbname=x",
        $"host=127.0.0.1 port={Password}",
        $"host=127.0.0.1 sslmode={Password}",
        $"host=127.0.0.1 scram_client_key={Password}",
        $"pgx5://app:{Password}@127.0.0.1/x?sslmode=disable",
        $"postgresql+asyncpg://app:{Password}@127.0.0.1/x?ssl=require",
        $"postgresql+psycopg2://app:{Password}@127.0.0.1/x",
        $"jdbc:postgresql://app:{Password}@127.0.0.1/x?a=b",
        $"jdbc:postgresql://127.0.0.1/x?user=app&password={Password}",
        $"mysql://app:{Password}@127.0.0.1/x?charset=utf8",
        $"sqlserver://app:{Password}@127.0.0.1;database=x",
        $"ecto://app:{Password}@127.0.0.1/x?ssl=true",
        $"app:{Password}@127.0.0.1/x",
        $"//app:{Password}@127.0.0.1/x",
        $"\"postgresql://app:{Password}@127.0.0.1/x\"",
        $"DATABASE_URL=postgresql://app:{Password}@127.0.0.1/x",
        $"psql postgresql://app:{Password}@127.0.0.1/x?a=b",
        $"postgresql:app:{Password}@127.0.0.1/x",
        $"postgresql://app:{Half}/{OtherHalf}@127.0.0.1/x",
        $"postgresql://app:4711?user={Password}@127.0.0.1",
        $"postgresql://app:{Half}#{OtherHalf}@127.0.0.1/x",
        $"postgresql://app:{Half}%{OtherHalf}@127.0.0.1/x",
        $"postgresql://app:{Half} {OtherHalf}:5432/x",
        $"postgresql://app:{Password}:5432/x",
        $"postgresql://127.0.0.1/x;password={Password}",
        $"postgresql://127.0.0.1/x&password={Password}",
        $"postgresql://app@127.0.0.1/x?{Password}=1",
        $"postgresql://app@127.0.0.1/x?pasword={Password}&{Half}",
        $"Server=tcp:127.0.0.1,1433;User ID=app;Password={Password};Encrypt=True",
        $"Host=127.0.0.1;Passwort={Password}",
        $"Host=127.0.0.1;Password={Half};{OtherHalf}=x",
        $"Host=127.0.0.1;Password={Half}\";{OtherHalf}",
        $"Host=127.0.0.1;Database=x password={Password}",
        $"Host=app:{Password}@127.0.0.1;Database=x",
        $"Host=127.0.0.1;Timeout={Password}",
        $"Host=127.0.0.1;Minimum Pool Size={Password}",
        $"{{\"host\":\"127.0.0.1\",\"password\":\"{Password}\"}}",
    ];

    public static IEnumerable<object[]> Places =>
        from place in new[] { "-ConnectionString", "-Server", "-Database", "VIVIDSHIFT_DATABASE_URL", "DATABASE_URL", "vividshift.json", "sqlx.toml" }
        select new object[] { place };

    [Theory]
    [MemberData(nameof(Places))]
    public void A_connection_that_is_not_understood_is_never_shown(string place)
    {
        using var folder = new MigrationFolder();
        using var session = new PowerShellSession(folder.Path);
        foreach (var text in Texts)
        {
            var arguments = Put(place, text, folder, session);
            foreach (var command in new[] { "Get-VsConfiguration", "Get-VsMigrationStatus" })
            {
                var run = session.Run($"{command} {arguments} -Verbose -Debug -InformationAction Continue");

                Assert.True(run.Errors is [var error] && error.FullyQualifiedErrorId.StartsWith("ConfigurationInvalid,", StringComparison.Ordinal), text);
                AssertSilent(run, text);
            }

            // $Error keeps more than the stream shows.
            AssertSilent(session.Run("$Error; $Error.Clear()"), text);
        }
    }

    [Theory]
    [InlineData("throw [Exception]::new('outer', [Exception]::new($text))")]
    [InlineData("Write-Error -Message m -TargetObject @{ a = @(, @{ b = $text }) }")]
    [InlineData("$d = [Exception]::new('x'); $d.Data['k'] = $text; throw $d")]
    [InlineData("[pscustomobject]@{ a = [pscustomobject]@{ b = $text } }")]
    public void Whatever_shows_one_is_found(string script)
    {
        using var session = new PowerShellSession();
        session.Set("text", Password);

        Assert.ThrowsAny<Xunit.Sdk.XunitException>(() => AssertSilent(session.Run($"try {{ {script} }} catch {{ Write-Error -ErrorRecord $_ }}"), ""));
    }

    [Fact]
    public void There_are_forty_of_them_at_least() => Assert.InRange(Texts.Distinct().Count(), 40, int.MaxValue);

    /// <summary>Puts the text where a user could have put it; the answer is what the command line says.</summary>
    static string Put(string place, string text, MigrationFolder folder, PowerShellSession session)
    {
        session.Set("text", text);
        switch (place)
        {
            case "-ConnectionString":
            case "-Server":
                return $"{place} $text";
            case "-Database":
                return "-Server h -Database $text";
            case "vividshift.json":
                folder.Add(place, $"{{ \"connectionString\": {JsonSerializer.Serialize(text)} }}");
                return "";
            case "sqlx.toml":
                folder.Add(place, "[common]\ndatabase-url-var = \"APP_URL\"\n");
                folder.Add(".env", $"APP_URL={DotEnv(text)}\n");
                return "";
            default:
                folder.Add(".env", $"{place}={DotEnv(text)}\n");
                return "";
        }
    }

    static string DotEnv(string text)
    {
        var quoted = new StringBuilder("\"");
        foreach (var c in text)
        {
            quoted.Append(c is '"' or '\\' or '$' ? "\\" : "").Append(c);
        }

        return quoted.Append('"').ToString();
    }

    static void AssertSilent(PowerShellRun run, string text)
    {
        var told = new StringBuilder(run.Shown);
        var seen = new HashSet<object>(ReferenceEqualityComparer.Instance);
        Walk(run, 8, seen, told);
        var transcript = told.ToString();
        foreach (var half in new[] { Half, OtherHalf })
        {
            var at = transcript.IndexOf(half, StringComparison.OrdinalIgnoreCase);
            Assert.True(at < 0, $"{text}\nis shown: {(at < 0 ? "" : transcript[Math.Max(0, at - 200)..Math.Min(transcript.Length, at + 50)])}");
        }
    }

    /// <summary>Everything that ConvertTo-Json or Export-Clixml would write, and what ToString says besides.</summary>
    static void Walk(object? value, int depth, HashSet<object> seen, StringBuilder told)
    {
        // What a command or a module is does not depend on what it was given.
        if (value is null or Type or System.Reflection.MemberInfo or System.Reflection.Assembly or CommandInfo or PSModuleInfo || depth == 0)
        {
            return;
        }

        if (value is string or ValueType)
        {
            told.Append(value).Append('\n');
            return;
        }

        if (!seen.Add(value is PSObject wrapped ? wrapped.BaseObject : value))
        {
            return;
        }

        told.Append(value).Append('\n');
        if (value is IDictionary dictionary)
        {
            foreach (DictionaryEntry entry in dictionary)
            {
                Walk(entry.Key, depth - 1, seen, told);
                Walk(entry.Value, depth - 1, seen, told);
            }
        }
        else if (value is IEnumerable items)
        {
            foreach (var item in items)
            {
                Walk(item, depth - 1, seen, told);
            }
        }

        foreach (var property in PSObject.AsPSObject(value).Properties)
        {
            object? found;
            try
            {
                found = property.Value;
            }
            catch (GetValueException)
            {
                // What cannot be read cannot be written either.
                continue;
            }

            told.Append(property.Name).Append(": ");
            Walk(found, depth - 1, seen, told);
        }
    }
}
