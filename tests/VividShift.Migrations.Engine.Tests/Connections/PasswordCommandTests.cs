using System.Text.Json;
using VividShift.Migrations.Engine.Configuration;
using VividShift.Migrations.Engine.Connections;
using VividShift.Migrations.Engine.Tests.Configuration;
using VividShift.Migrations.Running;

namespace VividShift.Migrations.Engine.Tests.Connections;

public sealed class PasswordCommandTests
{
    const string Secret = "Kq7xSecret";

    [Fact]
    public async Task The_first_line_that_a_program_prints_is_the_password()
    {
        using var project = new Project();
        // Arguments arrive as they are: no shell takes the $ or the blanks away.
        Configure(project, (string[])["sh", "-c", "printf '%s' \"$1\"; printf '\\nsecond line\\n'", "sh", "Kq 7x$HOME'; \""]);

        var database = await project.ResolveAsync();

        Assert.Equal("Kq 7x$HOME'; \"", database.Settings.Password);
        Assert.Contains("passwordCommand in vividshift.json:2", database.CredentialSource, StringComparison.Ordinal);
        Assert.DoesNotContain("Kq 7x", project.Observer.Transcript, StringComparison.Ordinal);
        Assert.Contains(project.Observer.Told<VerboseMessage>(), told => told.Message.Contains("Asking sh for the password", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_text_is_for_the_shell()
    {
        using var project = new Project();
        Configure(project, $"printf {Secret} | tr K k");

        Assert.Equal("kq7xSecret", (await project.ResolveAsync()).Settings.Password);
    }

    [Fact]
    public async Task A_path_and_the_working_folder_are_those_of_the_file()
    {
        using var project = new Project();
        var program = project.Add("conf/token.sh", "#!/bin/sh\ncat token\n");
        project.Add("conf/token", Secret);
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(program, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        }

        var path = project.Add("conf/shop.json", """{ "server": "db", "passwordCommand": ["./token.sh"] }""");

        Assert.Equal(Secret, (await project.ResolveAsync(project.Request(configurationPath: path))).Settings.Password);
    }

    [Theory]
    [InlineData("echo Kq7xSecret; echo it broke >&2; exit 3", "ended with exit code 3: it broke.")]
    [InlineData("echo; echo Kq7xSecret; echo why >&2", "printed no password: why.")]
    [InlineData("true", "printed no password.")]
    public async Task Failure_names_the_place_and_tells_standard_error_alone(string script, string expected)
    {
        using var project = new Project();
        Configure(project, script);

        var refusal = await Assert.ThrowsAsync<MigrationException>(() => project.ResolveAsync());

        Assert.Equal(MigrationErrorCode.ConfigurationInvalid, refusal.Code);
        Assert.Contains("vividshift.json:2", refusal.Message, StringComparison.Ordinal);
        Assert.Contains(expected, refusal.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(Secret, refusal.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_program_that_is_not_there_is_refused_without_its_arguments()
    {
        using var project = new Project();
        Configure(project, (string[])["no-such-program-here", Secret]);

        var refusal = await Assert.ThrowsAsync<MigrationException>(() => project.ResolveAsync());

        Assert.Contains("(no-such-program-here) cannot be started", refusal.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(Secret, refusal.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task One_that_hangs_is_ended()
    {
        using var project = new Project();
        Configure(project, "exec sleep 600");
        var configuration = LoadedConfiguration.Load(new() { Database = project.Request() }, project.Variables, ConnectionParameters.KnownSettings);
        var command = PasswordCommand.Find(configuration)!;

        var refusal = await Assert.ThrowsAsync<MigrationException>(
            () => command.AskAsync(project.Observer, TimeSpan.FromMilliseconds(200), TestContext.Current.CancellationToken));

        Assert.Contains("did not end within 0.2 s", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Nobody_is_asked_when_it_is_not_needed()
    {
        using var project = new Project();
        Configure(project, "echo asked >> asked; echo x");
        var asked = Path.Combine(project.Folder, "asked");

        project.Describe();
        project.Read();
        await project.ResolveAsync(project.Request(connectionString: "postgresql://elsewhere/shop"));
        await project.ResolveAsync(project.Request(server: "elsewhere"));
        await project.ResolveAsync(project.Request(sandbox: true));
        await project.ResolveAsync(project.Request(userName: "bob", password: "his"));
        project.Variables["PGPASSWORD"] = "there";
        await project.ResolveAsync();
        Assert.False(File.Exists(asked));

        project.Variables.Remove("PGPASSWORD");
        await project.ResolveAsync();
        Assert.Equal("asked\n", await File.ReadAllTextAsync(asked, TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Of_a_password_and_a_command_the_stronger_file_counts_and_in_one_file_the_command()
    {
        using var project = new Project();
        project.Add("vividshift.json", """{ "server": "db", "password": "base", "passwordCommand": "echo weaker" }""");
        project.Add("vividshift.prod.json", """{ "connectionString": "Host=prod;Password=old", "passwordCommand": "echo token" }""");
        project.Add("vividshift.test.json", """{ "connectionString": "Host=test;Password=plain" }""");

        Assert.Equal("weaker", (await project.ResolveAsync()).Settings.Password);
        Assert.Equal("token", (await project.ResolveAsync(project.Request(environment: "prod"))).Settings.Password);
        Assert.Equal("plain", (await project.ResolveAsync(project.Request(environment: "test"))).Settings.Password);
    }

    [Theory]
    [InlineData("VAULT_TOKEN=Kq7x TZ=UTC vault read -field=p x", "vault")]
    [InlineData("VAULT_TOKEN=Kq7x", "a shell")]
    public void What_a_shell_puts_into_the_environment_of_a_command_is_not_told(string command, string told)
    {
        using var project = new Project();
        project.Add("vividshift.json", $"{{ \"server\": \"h\", \"passwordCommand\": \"{command}\" }}");

        Assert.Equal(told, project.Describe("passwordCommand").Value);
    }

    [Fact]
    public void It_is_shown_without_its_arguments()
    {
        using var project = new Project();
        Configure(project, (string[])["az", "--secret", Secret]);

        var setting = project.Describe("passwordCommand");

        Assert.Equal(("az", "vividshift.json:2"), (setting.Value, setting.Source));
        Assert.DoesNotContain(project.Describe(), row => row.Value.Contains(Secret, StringComparison.Ordinal));
    }

    static void Configure(Project project, object command) => project.Add(
        "vividshift.json", $"{{ \"server\": \"db\",\n  \"passwordCommand\": {JsonSerializer.Serialize(command)} }}");
}
