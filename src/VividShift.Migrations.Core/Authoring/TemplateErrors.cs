namespace VividShift.Migrations.Authoring;

/// <summary>Errors about templates: all have one code and say that nothing was written.</summary>
static class TemplateErrors
{
    public static MigrationException Invalid(string template, string problem, string advice, Exception? cause = null) =>
        new(MigrationErrorCode.TemplateInvalid, $"The template '{template}' cannot be used: {problem}", advice, cause)
        {
            DatabaseState = MigrationFileWriter.NoFile,
            Target = template,
        };
}
