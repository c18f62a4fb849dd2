using System.Reflection;

namespace VividShift.Migrations.Host;

/// <summary>Where the module is: the folder that the build laid out, else a folder beside the program.</summary>
static class ModuleManifest
{
    const string Module = "VividShift.Migrations";

    /// <summary>The manifest's path.</summary>
    /// <exception cref="FileNotFoundException">It is in neither place.</exception>
    public static string Find() => Places().FirstOrDefault(File.Exists)
        ?? throw new FileNotFoundException(
            $"The module is not there. Looked for: {string.Join(", ", Places())}. Build it by: dotnet build VividShift.sln");

    static IEnumerable<string> Places() => typeof(ModuleManifest).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
        .Where(metadata => metadata.Key == "ModuleManifest").Select(metadata => metadata.Value).OfType<string>()
        .Append(Path.Combine(AppContext.BaseDirectory, Module, Module + ".psd1"));
}
