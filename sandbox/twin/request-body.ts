import type { IncomingMessage } from 'node:http';

/** No body that the twin understands is larger. */
const mostBytes = 4 * 1024 * 1024;

/**
 * Hands over the whole body as text, after the sockets that are readable in the same turn of the event loop have been
 * read too: their arrivals are stamped before any work is done. Nothing is handed over when the sender gives up.
 */
export function whenRead(request: IncomingMessage, act: (text: string) => void): void {
  const chunks: Buffer[] = [];
  let bytes = 0;
  request.on('data', (chunk: Buffer) => {
    bytes += chunk.length;
    if (bytes > mostBytes) request.destroy();
    chunks.push(chunk);
  });
  request.on('end', () => {
    setImmediate(() => {
      act(Buffer.concat(chunks).toString());
    });
  });
  // A sender that gives up half-way is nothing to report.
  request.on('error', () => undefined);
}

/** The parsed JSON, or undefined when it is none. */
export function parsedJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
