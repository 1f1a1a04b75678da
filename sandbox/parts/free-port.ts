import { once } from 'node:events';
import { createServer } from 'node:net';

/** Below the range that Linux, macOS and Windows hand out to outgoing connections: nobody takes the port while its server restarts. */
const lowest = 20_000;
const highest = 32_000;

/** A port of 127.0.0.1 that nobody listens on. */
export async function freePort(): Promise<number> {
  for (;;) {
    const port = lowest + Math.floor(Math.random() * (highest - lowest));
    if (await isFree(port)) return port;
  }
}

async function isFree(port: number): Promise<boolean> {
  const server = createServer();
  try {
    server.listen(port, '127.0.0.1');
    await once(server, 'listening');
    return true;
  } catch {
    return false;
  } finally {
    server.close();
  }
}
