using System.Runtime.InteropServices;
using VividShift.Migrations.Host;

const int Failure = 1;
const int Interrupted = 130;
const int Terminated = 143;

var converses = args.Length == 0 && Terminal.Reads;
var stopCode = 0;
using var session = new Session(new ConsoleHost());
using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, context => Stop(context, Interrupted));
using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, context => Stop(context, Terminated));

if (converses)
{
    return ReadLoop.Run(session);
}

// Each argument is a line as one would type it: shown in its own table, and the next one only runs when it went well.
string[] lines = args.Length > 0 ? args : [await Console.In.ReadToEndAsync()];
var succeeded = Array.TrueForAll(lines, line => session.Host.ExitCode is null && session.Run(line));
return stopCode > 0 ? stopCode : session.Host.ExitCode ?? (succeeded ? 0 : Failure);

// The first signal ends the run in order; when it comes again, the user no longer wants to wait, and the server rolls back by itself.
void Stop(PosixSignalContext context, int code)
{
    context.Cancel = Interlocked.Exchange(ref stopCode, code) == 0 || converses;
    session.Stop();
}
