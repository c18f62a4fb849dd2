using System.Text;

namespace VividShift.Migrations.Engine.Configuration;

/// <summary>A variable of a <c>.env</c> file: its value, or why it has none.</summary>
internal sealed record DotEnvEntry(string Name, string Value, int Line, string? Problem);

/// <summary>
/// Reads <c>.env</c> files by the rules of dotenvy, which sqlx uses, so that both tools see one <c>DATABASE_URL</c>. A parser of our own
/// because the packages for .NET know other rules (quotes, substitution, first or last wins) and do not tell lines.
/// A line that cannot be read spoils its own variable only: the file is shared with tools of other tastes.
/// </summary>
sealed class DotEnvFile
{
    readonly string _text;
    readonly Func<string, string?> _lookUp;
    readonly Dictionary<string, DotEnvEntry> _entries = new(StringComparer.Ordinal);
    int _at;
    int _line = 1;

    DotEnvFile(string text, Func<string, string?> lookUp) => (_text, _lookUp) = (text, lookUp);

    /// <summary>The variables by name; of two with one name the first holds.</summary>
    /// <param name="text">The file's text.</param>
    /// <param name="lookUp">Variables of the environment, which <c>$NAME</c> sees before the file's own.</param>
    internal static IReadOnlyDictionary<string, DotEnvEntry> Parse(string text, Func<string, string?> lookUp)
    {
        var file = new DotEnvFile(text.TrimStart('\uFEFF'), lookUp);
        while (file._at < file._text.Length)
        {
            file.ReadLine();
        }

        return file._entries;
    }

    /// <summary>The nearest <c>.env</c> in <paramref name="folder"/> or a folder above it; null when there is none.</summary>
    internal static string? Locate(string folder)
    {
        for (var at = new DirectoryInfo(folder); at is not null; at = at.Parent)
        {
            var path = Path.Combine(at.FullName, ".env");
            if (File.Exists(path))
            {
                return path;
            }
        }

        return null;
    }

    void ReadLine()
    {
        SkipBlanks();
        var (start, line) = (_at, _line);
        var name = ReadName();
        if (name is "export" && Peek() is ' ' or '\t')
        {
            SkipBlanks();
            name = ReadName();
        }

        if (name is not "")
        {
            SkipBlanks();
            var value = new StringBuilder();
            var problem = Peek() == '=' ? ReadValue(value) : "there is no = after the name";
            _entries.TryAdd(name, new DotEnvEntry(name, problem is null ? value.ToString() : "", line, problem));
            if (problem is not null)
            {
                (_at, _line) = (start, line);
            }
        }

        SkipLine();
    }

    /// <summary>Reads from the equals sign to the end of the value, which may be pieced together of quoted and bare parts.</summary>
    /// <returns>What is wrong with it; null when nothing is.</returns>
    string? ReadValue(StringBuilder value)
    {
        _at++;
        SkipBlanks();
        while (true)
        {
            switch (Peek())
            {
                case '\0' or '\n' or '\r':
                    return null;
                case ' ' or '\t':
                    SkipBlanks();
                    return Peek() is '\0' or '\n' or '\r' or '#' ? null : "a value with spaces needs quotes";
                case '\'' when !ReadSingleQuoted(value):
                case '"' when !ReadDoubleQuoted(value):
                    return "the quote is not closed, or holds an unknown escape";
                case '\'' or '"':
                    break;
                case '\\' when !ReadEscape(value, "\\\"'$ n"):
                    return "a backslash before this character means nothing";
                case '\\':
                    break;
                case '$':
                    ReadSubstitution(value);
                    break;
                default:
                    value.Append(_text[_at++]);
                    break;
            }
        }
    }

    bool ReadSingleQuoted(StringBuilder value)
    {
        var end = _text.IndexOf('\'', _at + 1);
        if (end < 0)
        {
            return false;
        }

        var quoted = _text[(_at + 1)..end];
        value.Append(quoted);
        _line += quoted.Count(c => c == '\n');
        _at = end + 1;
        return true;
    }

    bool ReadDoubleQuoted(StringBuilder value)
    {
        _at++;
        while (Peek() is not '\0')
        {
            switch (Peek())
            {
                case '"':
                    _at++;
                    return true;
                case '\\' when !ReadEscape(value, "\\\"$n"):
                    return false;
                case '\\':
                    break;
                case '$':
                    ReadSubstitution(value);
                    break;
                default:
                    if (_text[_at] == '\n')
                    {
                        _line++;
                    }

                    value.Append(_text[_at++]);
                    break;
            }
        }

        return false;
    }

    bool ReadEscape(StringBuilder value, string allowed)
    {
        if (_at + 1 >= _text.Length || !allowed.Contains(_text[_at + 1], StringComparison.Ordinal))
        {
            return false;
        }

        value.Append(_text[_at + 1] == 'n' ? '\n' : _text[_at + 1]);
        _at += 2;
        return true;
    }

    void ReadSubstitution(StringBuilder value)
    {
        _at++;
        var braced = Peek() == '{';
        if (braced)
        {
            _at++;
        }

        var name = ReadName();
        if (braced && Peek() == '}')
        {
            _at++;
        }
        // An unknown name stands for nothing; a lone $ for itself.
        value.Append(name is "" ? "$" : _lookUp(name) ?? _entries.GetValueOrDefault(name)?.Value);
    }

    string ReadName()
    {
        var start = _at;
        while (char.IsAsciiLetterOrDigit(Peek()) || Peek() is '_' or '.')
        {
            _at++;
        }

        return _text[start.._at];
    }

    char Peek() => _at < _text.Length ? _text[_at] : '\0';

    void SkipBlanks()
    {
        while (Peek() is ' ' or '\t')
        {
            _at++;
        }
    }

    void SkipLine()
    {
        var end = _text.IndexOf('\n', _at);
        _at = end < 0 ? _text.Length : end + 1;
        _line++;
    }
}
