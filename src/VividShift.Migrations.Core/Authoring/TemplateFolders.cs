using System.Text;
using VividShift.Migrations.Catalog;

namespace VividShift.Migrations.Authoring;

/// <summary>Folders of templates; one that comes earlier hides those of the same name in later ones.</summary>
public sealed class TemplateFolders
{
    const string Up = ".up.sql";
    const string Down = ".down.sql";

    readonly IReadOnlyList<string> _folders;

    /// <summary>Takes folders, the first to be asked first; ones that do not exist hold no templates.</summary>
    public TemplateFolders(params IReadOnlyList<string> folders) => _folders = folders;

    /// <summary>The names of all templates, sorted.</summary>
    /// <exception cref="MigrationException">PathNotFound: a folder cannot be listed.</exception>
    public IReadOnlyList<string> Names =>
        [.. Files().Select(NameOf).Distinct(StringComparer.OrdinalIgnoreCase).Order(StringComparer.Ordinal)];

    /// <summary>Reads a template; case does not matter.</summary>
    /// <exception cref="MigrationException">TemplateInvalid: there is none of that name, or it cannot be read as a template.</exception>
    public MigrationTemplate Load(string name)
    {
        var path = Files().FirstOrDefault(f => string.Equals(NameOf(f), name, StringComparison.OrdinalIgnoreCase))
            ?? throw TemplateErrors.Invalid(
                name,
                $"there is none of that name in {string.Join(" or ", _folders)}.",
                $"There are: {string.Join(", ", Names)}.");
        var known = NameOf(path);
        var down = path[..^Up.Length] + Down;
        return new(known, path, ReadText(known, path), File.Exists(down) ? ReadText(known, down) : null);
    }

    static string NameOf(string path) => Path.GetFileName(path)[..^Up.Length];

    static string ReadText(string name, string path)
    {
        try
        {
            return MigrationText.Decode(File.ReadAllBytes(path));
        }
        catch (Exception e) when (e is DecoderFallbackException or IOException or UnauthorizedAccessException)
        {
            throw TemplateErrors.Invalid(
                name,
                $"'{path}' cannot be read as UTF-8 text: {e.Message}",
                "Fix the file, or take another template.", e);
        }
    }

    IEnumerable<string> Files() => _folders.Where(Directory.Exists).SelectMany(List);

    static IEnumerable<string> List(string folder)
    {
        try
        {
            // The pattern alone would match .SQL on some systems and not on others.
            return [.. Directory.EnumerateFiles(folder).Where(f => f.EndsWith(Up, StringComparison.Ordinal)).Order(StringComparer.Ordinal)];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new MigrationException(
                MigrationErrorCode.PathNotFound,
                $"The template folder '{folder}' cannot be read: {e.Message}", innerException: e)
            {
                DatabaseState = MigrationFileWriter.NoFile,
                Target = folder,
            };
        }
    }
}
