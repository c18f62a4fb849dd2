using VividShift.Migrations.PowerShell.Tests.Hosting;

namespace VividShift.Migrations.PowerShell.Tests;

/// <summary>In processes of their own: this one has the engine's Npgsql in its default context already.</summary>
public sealed class WallTests
{
    const string ShowLoaded = """
        [AppDomain]::CurrentDomain.GetAssemblies() | Where { $_.GetName().Name -in 'Npgsql', 'Microsoft.Extensions.Logging.Abstractions' } | ForEach-Object {
            "$($_.GetName().Name) $($_.GetName().Version.Major) in $([Runtime.Loader.AssemblyLoadContext]::GetLoadContext($_).Name)"
        }
        """;

    static readonly string LoadForeign =
        $"foreach ($file in '{BuildFacts.Of("ForeignNpgsql")}', '{BuildFacts.Of("ForeignLogging")}') {{ $null = [Reflection.Assembly]::LoadFrom($file) }}";

    [Fact]
    public async Task The_module_works_beside_another_Npgsql_and_another_logging_library()
    {
        await using var fixture = await Workbench.WithThreeTablesAsync();
        var foreignWorks = $"$c = [Npgsql.NpgsqlConnection]::new('{fixture.Database.ConnectionString}'); $c.Open(); $c.Dispose()";

        var run = await PwshProgram.RunAsync(
            $"""
            {LoadForeign}
            {foreignWorks}
            Invoke-VsMigration -ConnectionString '{fixture.Database.Url}' -LiteralPath '{fixture.Folder.Path}' | ForEach-Object Version
            {foreignWorks}
            {ShowLoaded}
            """);

        Assert.Equal("", run.Errors);
        Assert.Equal(["1", "2", "3"], run.Lines.Take(3));
        Assert.Equal(
            [
                "Microsoft.Extensions.Logging.Abstractions 10 in VividShift.Migrations.Engine",
                "Microsoft.Extensions.Logging.Abstractions 9 in Default",
                "Npgsql 10 in VividShift.Migrations.Engine",
                "Npgsql 9 in Default",
            ],
            run.Lines.Skip(3).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Without_the_wall_the_same_process_could_not_load_the_engine()
    {
        var engine = Path.Combine(Path.GetDirectoryName(PowerShellSession.Manifest)!, "engine", "VividShift.Migrations.Engine.dll");

        var run = await PwshProgram.RunAsync($"{LoadForeign}\n$null = [Reflection.Assembly]::LoadFrom('{engine}').GetTypes()");

        Assert.Equal(1, run.ExitCode);
        Assert.Contains("Npgsql, Version=10.", run.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Importing_loads_the_cmdlets_and_Core_and_nothing_else()
    {
        var folder = Path.GetDirectoryName(PowerShellSession.Manifest)!;

        var run = await PwshProgram.RunAsync(
            $"[AppDomain]::CurrentDomain.GetAssemblies() | Where {{ $_.Location.StartsWith('{folder}') }} | ForEach-Object {{ $_.GetName().Name }}");

        Assert.Equal(["VividShift.Migrations.Core", "VividShift.Migrations.PowerShell"], run.Lines.Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Completion_does_not_load_the_engine()
    {
        using var folder = new Testing.MigrationFolder();
        folder.Add("7_lucky.sql", "SELECT 1;");

        var run = await PwshProgram.RunAsync(
            $"""
            $line = 'Invoke-VsMigration -Path "{folder.Path}" -Target '
            [Management.Automation.CommandCompletion]::CompleteInput($line, $line.Length, $null).CompletionMatches | ForEach-Object CompletionText
            {ShowLoaded}
            """);

        Assert.Equal((0, "7"), (run.ExitCode, run.Output.Trim()));
    }

    [Fact]
    public async Task Removing_and_importing_again_keeps_the_one_engine()
    {
        await using var fixture = await Workbench.WithThreeTablesAsync();
        var status = $"Get-VsMigrationStatus -ConnectionString '{fixture.Database.Url}' -LiteralPath '{fixture.Folder.Path}' | Where Version -eq 1 | ForEach-Object State";

        var run = await PwshProgram.RunAsync(
            $"{status}; Remove-Module VividShift.Migrations; Import-Module '{PowerShellSession.Manifest}' -Force; {status}; "
            + "@([AppDomain]::CurrentDomain.GetAssemblies() | Where { $_.GetName().Name -eq 'Npgsql' }).Count");

        Assert.Equal((0, "Pending Pending 1"), (run.ExitCode, string.Join(' ', run.Lines)));
    }
}
