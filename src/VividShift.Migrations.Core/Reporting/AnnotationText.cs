namespace VividShift.Migrations.Reporting;

/// <summary>What an annotation says, where there is no room for columns.</summary>
static class AnnotationText
{
    /// <summary>What it is about and what there is to say; neither twice.</summary>
    public static string Of(ReportEntry entry) => BuildAgentText.Escape((entry.Title, entry.Message) switch
    {
        (var title, "") => $"{title}: {entry.State}",
        (var title, var message) when message.Contains(title, StringComparison.Ordinal) => message,
        (var title, var message) => $"{title}: {message}",
    });
}
