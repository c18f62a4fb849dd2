using System.Management.Automation;
using VividShift.Migrations.PowerShell.Tests.Hosting;
using VividShift.Migrations.Testing;

namespace VividShift.Migrations.PowerShell.Tests.Commands;

public sealed class NewVsMigrationTests : IDisposable
{
    readonly MigrationFolder _project = new();
    readonly PowerShellSession _session;

    public NewVsMigrationTests() => _session = new(_project.Path);

    public void Dispose()
    {
        _session.Dispose();
        _project.Dispose();
    }

    [Fact]
    public void It_makes_the_folder_and_a_pair_of_files_and_emits_them()
    {
        var files = _session.Run("New-VsMigration 'add rooms'").WithoutErrors().OutputOf<FileInfo>();
        Assert.Equal(2, files.Count);
        Assert.Matches(@"^[0-9]{14}_add_rooms\.up\.sql$", files[0].Name);
        Assert.Matches(@"^[0-9]{14}_add_rooms\.down\.sql$", files[1].Name);
        Assert.All(files, f => Assert.Equal(_project.PathOf("migrations"), f.DirectoryName));
        Assert.All(files, f => Assert.Equal((byte)'-', File.ReadAllBytes(f.FullName)[0]));
        Assert.All(files, f => Assert.DoesNotContain("\r", File.ReadAllText(f.FullName), StringComparison.Ordinal));
    }

    [Fact]
    public void WhatIf_tells_the_names_that_would_be_and_writes_nothing()
    {
        var run = _session.Run("'add rooms', 'add bookings' | New-VsMigration -Sequential -WhatIf").WithoutErrors();
        Assert.Empty(run.Output);
        Assert.Contains("Create 0001_add_rooms.up.sql and 0001_add_rooms.down.sql", run.Shown, StringComparison.Ordinal);
        Assert.Contains("Create 0002_add_bookings.up.sql and 0002_add_bookings.down.sql", run.Shown, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFileSystemEntries(_project.Path));
    }

    [Fact]
    public void Names_down_the_pipeline_get_versions_in_their_order()
    {
        var files = _session.Run("'b', 'a', 'c' | New-VsMigration -Simple").WithoutErrors().OutputOf<FileInfo>();
        Assert.Equal(["b.sql", "a.sql", "c.sql"], files.OrderBy(f => f.Name, StringComparer.Ordinal).Select(f => f.Name[15..]));
    }

    [Fact]
    public void A_template_takes_properties_of_any_type_in_any_case()
    {
        var file = _session.Run("New-VsMigration idx -Template INDEX -Property @{ TABLE = 'Rooms'; columns = 'name', 'floor' } -Version 7")
            .WithoutErrors().OutputOf<FileInfo>()[0];
        Assert.Equal("0007_idx.up.sql", file.Name);
        var text = File.ReadAllText(file.FullName);
        Assert.StartsWith("-- no-transaction\n", text, StringComparison.Ordinal);
        Assert.EndsWith("""INDEX CONCURRENTLY "idx_Rooms_name_floor" ON "Rooms" USING btree (name, floor);""" + "\n", text, StringComparison.Ordinal);
    }

    [Fact]
    public void Defaults_that_were_taken_are_told_on_request()
    {
        var run = _session.Run("New-VsMigration rooms -Template column -Property @{ table = 'rooms' } -Verbose -WhatIf").WithoutErrors();
        Assert.Contains("The property 'column' has its default: note", run.Verbose);
        Assert.DoesNotContain(run.Verbose, v => v.Contains("'table'", StringComparison.Ordinal));
    }

    [Fact]
    public void Configuration_names_folders_templates_type_and_versions()
    {
        _project.Add("vividshift.json", """{ "migrations": "db", "templates": "mine" }""");
        _project.Add("sqlx.toml", "[migrate]\ndefaults = { migration-type = \"simple\", migration-versioning = \"sequential\" }\n");
        _project.Add("mine/view.up.sql", "CREATE VIEW {{name=v}} AS SELECT 1;");
        var files = _session.Run("New-VsMigration x -Template view; New-VsMigration y -Template view -Sequential:$false")
            .WithoutErrors().OutputOf<FileInfo>();
        Assert.Equal(_project.PathOf("db/0001_x.sql"), files[0].FullName);
        Assert.Equal("CREATE VIEW v AS SELECT 1;\n", File.ReadAllText(files[0].FullName));
        Assert.Matches(@"^[0-9]{14}_y\.sql$", files[1].Name);
    }

    [Theory]
    [InlineData("New-VsMigration '../evil'", "NameInvalid", ErrorCategory.InvalidArgument)]
    [InlineData("New-VsMigration ''", "NameInvalid", ErrorCategory.InvalidArgument)]
    [InlineData("New-VsMigration a -Template nothing", "TemplateInvalid", ErrorCategory.InvalidArgument)]
    [InlineData("New-VsMigration a -Template column -Property @{ colour = 'red' }", "TemplateInvalid", ErrorCategory.InvalidArgument)]
    [InlineData("New-VsMigration a -Version 5", "DuplicateVersion", ErrorCategory.ResourceExists)]
    [InlineData("New-VsMigration a -TemplatePath ./missing", "PathNotFound", ErrorCategory.ObjectNotFound)]
    [InlineData("New-VsMigration a -Version 6 -Sequential", "ParametersExclusive", ErrorCategory.InvalidArgument)]
    public void What_cannot_be_has_a_stable_id_and_leaves_nothing(string script, string id, ErrorCategory category)
    {
        _project.Add("migrations/5_old.sql", "");
        var error = _session.Run(script).OnlyError();
        Assert.Equal($"{id},VividShift.Migrations.PowerShell.Commands.NewVsMigrationCommand", error.FullyQualifiedErrorId);
        Assert.Equal(category, error.CategoryInfo.Category);
        Assert.Single(Directory.GetFileSystemEntries(_project.PathOf("migrations")));
    }

    [Fact]
    public void A_file_that_is_there_is_never_overwritten()
    {
        // Not a migration to sqlx, so it has no version: only the file system knows of it.
        Directory.CreateDirectory(_project.PathOf("migrations/0001_a.down.sql"));
        var error = _session.Run("New-VsMigration a -Version 1").OnlyError();
        Assert.StartsWith("FileExists,", error.FullyQualifiedErrorId, StringComparison.Ordinal);
        Assert.Single(Directory.GetFileSystemEntries(_project.PathOf("migrations")));
    }

    [Fact]
    public void Path_is_PowerShells_and_need_not_exist()
    {
        var file = _session.Run("New-VsMigration a -Path ./deep/folder -Simple").WithoutErrors().OutputOf<FileInfo>()[0];
        Assert.Equal(_project.PathOf(Path.Combine("deep", "folder")), file.DirectoryName);
        var error = _session.Run("New-VsMigration a -Path variable:").OnlyError();
        Assert.StartsWith("PathNotFound,", error.FullyQualifiedErrorId, StringComparison.Ordinal);
    }

    [Fact]
    public void Tab_offers_the_templates_that_ship_and_ones_own_with_what_they_do()
    {
        _project.Add("vividshift.json", """{ "templates": "mine" }""");
        _project.Add("mine/view.up.sql", "-- Makes a view.\nSELECT 1;");
        _project.Add("other/policy.up.sql", "SELECT 1;");
        var offered = _session.Complete("New-VsMigration a -TemplatePath ./other -Template ").CompletionMatches;
        Assert.Equal(
            ["column", "column-type", "column-type-contract", "data", "empty", "enum-value", "foreign-key", "index", "not-null", "policy",
                "rename-table", "rename-table-contract", "table", "view"],
            offered.Select(o => o.CompletionText));
        Assert.Equal("Makes a view.", offered.Single(o => o.CompletionText == "view").ToolTip);
        var renames = _session.Complete("New-VsMigration a -Template re").CompletionMatches;
        Assert.Equal(["rename-table", "rename-table-contract"], renames.Select(o => o.CompletionText));
    }

    [Fact]
    public void Tab_is_silent_about_configuration_that_is_at_fault()
    {
        _project.Add("vividshift.json", "{ not json");
        Assert.Contains(_session.Complete("New-VsMigration a -Template ").CompletionMatches, o => o.CompletionText == "table");
    }
}
