using System.Reflection.Metadata;
using System.Text;
using VividShift.Migrations.PowerShell.Tests.Hosting;

namespace VividShift.Migrations.PowerShell.Tests;

/// <summary>What is shipped says where a file is in the repository, never where it was on the machine that built it.</summary>
public sealed class SourcePathTests
{
    static readonly string Root = BuildFacts.Of("RepositoryRoot").TrimEnd('/', '\\');

    static readonly string ModuleFolder = Path.GetDirectoryName(PowerShellSession.Manifest)!;

    [Fact]
    public void Assemblies_and_symbols_hold_no_path_of_the_machine_that_built_them()
    {
        string[] files = [.. Directory.EnumerateFiles(ModuleFolder, "VividShift.*.dll", SearchOption.AllDirectories), .. Symbols()];

        Assert.Equal(6, files.Length);
        Assert.All(files, file =>
        {
            var content = File.ReadAllBytes(file);
            Assert.All([Encoding.UTF8, Encoding.Unicode], encoding => Assert.Equal(-1, content.AsSpan().IndexOf(encoding.GetBytes(Root))));
        });
    }

    [Fact]
    public void Symbols_name_source_files_from_the_root_of_the_repository() => Assert.All(Symbols(), file =>
    {
        using var symbols = MetadataReaderProvider.FromPortablePdbStream(File.OpenRead(file));
        var reader = symbols.GetMetadataReader();
        string[] documents = [.. reader.Documents.Select(handle => reader.GetString(reader.GetDocument(handle).Name))];

        Assert.Contains(documents, document => document.Contains("/src/VividShift.Migrations.", StringComparison.Ordinal));
        Assert.All(documents, document => Assert.StartsWith("/_", document, StringComparison.Ordinal));
    });

    [Fact]
    public void The_stack_trace_of_an_error_names_source_files_from_the_root_of_the_repository()
    {
        using var session = new PowerShellSession();

        var trace = session.Run("Get-VsMigrationStatus -LiteralPath nowhere").OnlyError().Exception.StackTrace;

        Assert.Matches("in /_[0-9]*/src/VividShift\\.Migrations\\.[A-Za-z/.]+\\.cs:line [0-9]+", trace);
        Assert.DoesNotContain(Root, trace, StringComparison.Ordinal);
    }

    static string[] Symbols() => Directory.GetFiles(ModuleFolder, "VividShift.*.pdb", SearchOption.AllDirectories);
}
