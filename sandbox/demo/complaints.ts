/** Warnings belong to the demo: unreadable messages, and answers that are lost. */
const levels = ['error', 'fatal'];
/** Different ones told at the most. */
const shown = 3;

/** What the service complained about in its log (JSON lines), for the closing words; nothing where all went well. */
export function complaints(log: readonly string[]): string[] {
  const told = log.map(read).filter((message) => message !== null);
  if (told.length === 0) return [];
  return [`The service logged ${told.length} errors, among them:`, ...[...new Set(told)].slice(-shown)];
}

/** The message of an error, with its error; null for every other line. */
function read(line: string): string | null {
  try {
    const entry = JSON.parse(line) as { level?: unknown; msg?: unknown; error?: unknown };
    if (!levels.includes(String(entry.level))) return null;
    const [cause] = typeof entry.error === 'string' ? entry.error.split('\n') : [];
    return `  ${String(entry.msg)}${cause === undefined ? '' : `: ${cause}`}`;
  } catch {
    return null; // No log line: a stack trace, say.
  }
}
