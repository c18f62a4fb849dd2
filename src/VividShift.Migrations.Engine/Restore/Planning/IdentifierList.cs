using System.Text;

namespace VividShift.Migrations.Engine.Restore.Planning;

/// <summary>A setting that is a list of names, such as <c>"$user", public</c>.</summary>
static class IdentifierList
{
    /// <summary>The names without their quotes.</summary>
    public static IEnumerable<string> Split(string list)
    {
        var name = new StringBuilder();
        var quoted = false;
        var any = false;
        for (var i = 0; i < list.Length; i++)
        {
            switch (list[i])
            {
                case '"' when quoted && i + 1 < list.Length && list[i + 1] == '"':
                    name.Append('"');
                    i++;
                    break;
                case '"':
                    (quoted, any) = (!quoted, true);
                    break;
                case ',' when !quoted:
                    yield return name.ToString();
                    name.Clear();
                    any = false;
                    break;
                case var letter when quoted || !char.IsWhiteSpace(letter):
                    name.Append(letter);
                    any = true;
                    break;
            }
        }

        if (any)
        {
            yield return name.ToString();
        }
    }
}
