namespace VividShift.Migrations.Backup;

/// <summary>
/// How far a sequence had come just before the dump began. Sequences stand outside every snapshot: what the dump holds may be further.
/// </summary>
/// <param name="Schema">Its schema, not quoted.</param>
/// <param name="Sequence">Its name, not quoted.</param>
/// <param name="LastValue">The value that was last handed out.</param>
/// <param name="Increment">What is added each time; negative for one that counts down.</param>
public sealed record SequenceState(string Schema, string Sequence, long LastValue, long Increment);
