using System.Management.Automation;

namespace VividShift.Migrations.Host;

/// <summary>Progress as one line that is drawn over itself on standard error, and only where that is a screen.</summary>
sealed class ProgressLine
{
    const string ClearLine = "\r\e[K";

    bool _shown;

    public void Show(ProgressRecord record)
    {
        Clear();
        if (Terminal.ShowsErrors && record.RecordType != ProgressRecordType.Completed)
        {
            Console.Error.Write(Shorten(Text(record), Terminal.Width - 1));
            _shown = true;
        }
    }

    public void Clear()
    {
        if (_shown)
        {
            Console.Error.Write(ClearLine);
            _shown = false;
        }
    }

    static string Text(ProgressRecord record)
    {
        var percent = record.PercentComplete >= 0 ? $" {record.PercentComplete} %" : string.Empty;
        var operation = string.IsNullOrEmpty(record.CurrentOperation) ? string.Empty : $" | {record.CurrentOperation}";
        return $"{record.Activity}{percent}: {record.StatusDescription}{operation}".ReplaceLineEndings(" ");
    }

    static string Shorten(string text, int width) => text.Length <= width ? text : text[..Math.Max(0, width - 3)] + "...";
}
