using System.Net;
using System.Net.Sockets;

namespace VividShift.Migrations.Engine.Sandbox;

/// <summary>Ports of the loopback address. What is free now may be taken a moment later: whoever uses one must be ready to ask again.</summary>
internal static class FreePort
{
    /// <summary>A port that the system hands out.</summary>
    public static int Next()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    /// <summary>True when the port can be bound now.</summary>
    public static bool IsFree(int port)
    {
        try
        {
            using var listener = new TcpListener(IPAddress.Loopback, port);
            listener.Start();
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
