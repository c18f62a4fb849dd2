using System.Net;
using VividShift.Migrations.Engine.Configuration;

namespace VividShift.Migrations.Engine.Connections;

/// <summary>Host names as people write them.</summary>
static class HostName
{
    internal const string Expectation = "write one host (several are refused, as a run belongs to one server)";

    internal const string Unusable = $"names a host that cannot be used: {Expectation} and a port from 1 to 65535.";

    /// <summary>True for the folder of a Unix socket, or an abstract one.</summary>
    internal static bool IsSocketFolder(string host) => host.StartsWith('/') || host.StartsWith('@')
        || (host.Length > 2 && char.IsAsciiLetter(host[0]) && host[1] == ':' && host[2] is '\\' or '/');

    /// <summary>
    /// True for what can be a host's name, its address or the folder of a socket, so that nothing else goes to a name server or is shown:
    /// a connection that was misread may stand here, password and all.
    /// </summary>
    internal static bool IsUsable(string host) => IsSocketFolder(host)
        ? !host.Any(c => char.IsControl(c) || c is ',' or '=' or ';') && !host[1..].Contains('@', StringComparison.Ordinal)
        : IPAddress.TryParse(host, out _) || (host is not "" && host.All(c => char.IsLetterOrDigit(c) || c is '-' or '_' or '.'));

    /// <summary>
    /// Splits <c>host</c>, <c>host:port</c>, <c>[::1]:port</c> and a bare <c>::1</c>; null when it is none of them, or several hosts.
    /// </summary>
    internal static (string Host, int? Port)? Split(string text)
    {
        if (text.Contains(',', StringComparison.Ordinal))
        {
            return null;
        }

        if (text.StartsWith('['))
        {
            var end = text.IndexOf(']', StringComparison.Ordinal);
            if (end < 0)
            {
                return null;
            }

            var rest = text[(end + 1)..];
            if (rest is not "" && rest[0] != ':')
            {
                return null;
            }

            return WithPort(text[1..end], rest.TrimStart(':'));
        }

        var colon = text.IndexOf(':', StringComparison.Ordinal);
        if (colon < 0 || text.LastIndexOf(':') != colon)
        {
            return (text, null);
        }

        return WithPort(text[..colon], text[(colon + 1)..]);
    }

    static (string, int?)? WithPort(string host, string port)
    {
        if (port is "")
        {
            return (host, null);
        }

        return NumberParser.Port(port) is { } number ? (host, number) : null;
    }
}
