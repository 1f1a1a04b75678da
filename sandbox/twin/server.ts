import { once } from 'node:events';
import type { Server } from 'node:http';
import { createServer } from 'node:http';
import { CallDesk } from './call-desk.js';
import { Control } from './control.js';
import { controlDesk } from './control-desk.js';
import type { TwinOptions } from './options.js';
import { chooseOptions } from './options.js';
import { TwinState } from './state.js';

/** A running twin. */
export interface Twin {
  /** `http://127.0.0.1:<port>`: base of Tencent's API and of the control API alike. */
  readonly url: string;
  readonly port: number;
  /** What the control API does, without HTTP. */
  readonly control: Control;
  /** Cuts all connections and frees the port. */
  readonly stop: () => Promise<void>;
}

/**
 * Starts the offline stand-in for Tencent's Room Engine on 127.0.0.1. Rejects when the options are wrong or the port
 * is taken. It watches its own event loop: see `control.stats()`.
 */
export async function startTwin(options: Partial<TwinOptions> = {}): Promise<Twin> {
  const chosen = chooseOptions(options);
  const state = new TwinState(chosen);
  const control = new Control(state);
  const server = listener(state, control);
  server.keepAliveTimeout = chosen.keepAliveMs;
  const stop = async (): Promise<void> => {
    state.halt();
    state.loop.stop();
    const closed = once(server, 'close');
    server.close();
    server.closeAllConnections();
    await closed;
  };
  try {
    const port = await listen(server, chosen.port);
    return { url: `http://127.0.0.1:${port}`, port, control, stop };
  } catch (error) {
    state.loop.stop();
    throw error;
  }
}

function listener(state: TwinState, control: Control): Server {
  const calls = new CallDesk(state);
  const answerControl = controlDesk(control);
  return createServer((request, response) => {
    if (request.url?.startsWith('/twin/') === true) answerControl(request, response);
    else calls.receive(request, response);
  });
}

async function listen(server: Server, port: number): Promise<number> {
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  return typeof address === 'object' && address !== null ? address.port : port;
}
