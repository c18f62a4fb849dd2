using System.Reflection;
using System.Runtime.InteropServices;
using System.Runtime.Loader;

namespace VividShift.Migrations.PowerShell;

/// <summary>
/// The wall: the engine and its packages live in a load context of their own, so that another module's Npgsql or logging library,
/// of any version, neither disturbs them nor is disturbed. Nothing is loaded before the first use.
/// </summary>
static class EngineLoader
{
    const string EngineAssembly = "VividShift.Migrations.Engine";

    static readonly Lazy<IMigrationEngine> Loaded = new(Load, LazyThreadSafetyMode.ExecutionAndPublication);

    /// <summary>The engine of this process.</summary>
    public static IMigrationEngine Engine => Loaded.Value;

    static IMigrationEngine Load()
    {
        var module = Path.GetDirectoryName(typeof(EngineLoader).Assembly.Location)!;
        var context = new EngineContext(Path.Combine(module, "engine"));
        var assembly = context.LoadFromAssemblyPath(Path.Combine(context.Folder, EngineAssembly + ".dll"));
        return (IMigrationEngine)Activator.CreateInstance(assembly.GetType(EngineAssembly + ".MigrationEngine", throwOnError: true)!)!;
    }

    sealed class EngineContext(string folder) : AssemblyLoadContext(EngineAssembly)
    {
        static readonly Assembly Core = typeof(IMigrationEngine).Assembly;
        static readonly string Framework = Path.GetDirectoryName(typeof(object).Assembly.Location)!;

        public string Folder => folder;

        protected override Assembly? Load(AssemblyName assemblyName)
        {
            // Two copies of Core would be two sets of types: what the engine returns could not be cast to what the cmdlets know.
            if (assemblyName.Name == Core.GetName().Name)
            {
                return Core;
            }

            var path = Path.Combine(folder, assemblyName.Name + ".dll");
            return !File.Exists(path) || FrameworkServes(path) ? null : LoadFromAssemblyPath(path);
        }

        protected override nint LoadUnmanagedDll(string unmanagedDllName) => NativeFiles(unmanagedDllName).FirstOrDefault(File.Exists) switch
        {
            { } path => LoadUnmanagedDllFromPath(path),
            null => 0,
        };

        // A second DiagnosticSource would cut the engine off from the process's tracing. Only System.*: beside a self-contained
        // program the framework's folder holds that program's own packages, too, and those are what the wall is for.
        static bool FrameworkServes(string path)
        {
            var frameworks = Path.Combine(Framework, Path.GetFileName(path));
            return Path.GetFileName(path).StartsWith("System.", StringComparison.OrdinalIgnoreCase)
                && File.Exists(frameworks)
                && AssemblyName.GetAssemblyName(frameworks).Version >= AssemblyName.GetAssemblyName(path).Version;
        }

        IEnumerable<string> NativeFiles(string name) =>
            from place in new[] { folder, Path.Combine(folder, "runtimes", RuntimeInformation.RuntimeIdentifier, "native") }
            from file in new[] { name, name + ".dll", $"lib{name}.so", $"lib{name}.dylib" }
            select Path.Combine(place, file);
    }
}
