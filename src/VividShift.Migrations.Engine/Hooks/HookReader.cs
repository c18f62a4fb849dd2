using VividShift.Migrations.Catalog;
using VividShift.Migrations.Diagnostics.Rules;
using VividShift.Migrations.Engine.Configuration;
using VividShift.Migrations.Engine.Connections;
using VividShift.Migrations.Hooks;

namespace VividShift.Migrations.Engine.Hooks;

/// <summary>From the configuration to hooks that can run. Whatever can be wrong with one shows here, before anything was done.</summary>
sealed class HookReader(OpenDatabase opened)
{
    static readonly string[] Kinds = [HookSettings.Http, HookSettings.Sql, HookSettings.Script];
    static readonly string[] HttpOnly = [HookSettings.ExpectStatus, HookSettings.Body, HookSettings.Retries];

    /// <summary>All hooks in the order in which they run.</summary>
    /// <exception cref="MigrationException">ConfigurationInvalid, naming file and line.</exception>
    public IReadOnlyList<Hook> Read() =>
    [
        .. from moment in Enum.GetValues<HookEvent>()
           from hook in opened.Configuration.Settings.FindList(HookSettings.ListOf(moment))
           select Read(moment, hook.Settings, hook.Source),
    ];

    Hook Read(HookEvent moment, LayeredConfiguration settings, string source)
    {
        var kinds = Kinds.Where(kind => settings.Find(kind) is not null).ToList();
        if (kinds is not [var kind])
        {
            var problem = kinds.Count == 0 ? "The hook does nothing." : "The hook says more than one thing to do.";
            throw Wrong(source, problem, $"Give it one of {string.Join(", ", Kinds)}.");
        }

        var misplaced = HttpOnly.FirstOrDefault(name => settings.Find(name) is not null)
            ?? (settings.NamesIn(HookSettings.Headers) is [] ? null : HookSettings.Headers);
        if (kind != HookSettings.Http && misplaced is not null)
        {
            throw Wrong(source, $"'{misplaced}' means nothing to a hook of the kind '{kind}'.", "Remove it.");
        }

        var goesOn = settings.FindBoolean(HookSettings.ContinueOnError) ?? false;
        if (kind == HookSettings.Http)
        {
            return new HttpHookReader(settings, source, opened.Configuration.Variables).Read(moment, goesOn);
        }

        var path = settings.FindFolders(kind)[0].Value;
        var description = new HookDescription(moment, HookSettings.Shown(settings), source);
        if (!File.Exists(path))
        {
            throw Wrong(source, $"The file of the hook, {path}, does not exist.", "Correct the path; it is relative to the file that names it.");
        }

        return kind == HookSettings.Script
            ? new ScriptHook(description, goesOn, path, HookTimeout.Of(settings, HookTimeout.DefaultOfScript))
            : ReadSql(description, goesOn, path, settings);
    }

    SqlHook ReadSql(HookDescription description, bool goesOn, string path, LayeredConfiguration settings)
    {
        var content = File.ReadAllBytes(path);
        if (MigrationText.HasByteOrderMark(content) || MigrationText.FirstInvalidByte(content) >= 0)
        {
            throw Wrong(description.Source, $"The file of the hook, {path}, is not UTF-8 without a byte order mark.", "Save it as UTF-8.");
        }

        // Judged as a migration's file is, which needs a version; no one sees it.
        var file = new MigrationFile(path, new(Path.GetFileName(path), 0, MigrationKind.Simple, string.Empty, 0), content, IgnoredCharacters.None);
        var script = MigrationScript.Of(file);
        if (MigrationRules.CheckScript(script).FirstOrDefault(finding => finding.Refuses) is { } refusal)
        {
            throw Wrong(description.Source, $"{refusal.Location}: {refusal.Message}", refusal.RecommendedAction!);
        }

        var oneTransaction = script.NonTransactionalReason is null;
        return new SqlHook(description, goesOn, script.Script, oneTransaction, HookTimeout.Of(settings, HookTimeout.Default), opened);
    }

    internal static MigrationException Wrong(string source, string what, string advice) => ConfigurationError.Create($"{source}: {what}", advice);
}
