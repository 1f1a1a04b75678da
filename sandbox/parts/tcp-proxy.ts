import { once } from 'node:events';
import { connect, createServer } from 'node:net';
import type { Server, Socket } from 'node:net';
import { freePort } from './free-port.js';

/** A wire of its own between a client and a server, which can be cut, stalled and refused; on 127.0.0.1. */
export interface TcpProxy {
  /** Where the client connects to instead. */
  readonly port: number;
  /** How many clients are connected now. */
  readonly connections: number;
  /** Resets every connection of now, both ends, whatever is under way; new ones are taken as before. */
  cut(): void;
  /** From now on new connections are refused as if nobody listened; those of now stay. */
  refuse(): void;
  /** New connections are taken again. */
  accept(): Promise<void>;
  /** From now on bytes are held back, both ways and on new connections too; nobody notices a thing. */
  stall(): void;
  /** What was held back is delivered, and all flows as before. */
  flow(): void;
  /** Whatever the server answers on the connections of now is thrown away; the client's bytes still arrive. */
  dropAnswers(): void;
  /** Cuts everything and stops listening. */
  stop(): Promise<void>;
}

/** One client's connection, and ours to the server on its behalf. */
interface Wire {
  readonly client: Socket;
  readonly server: Socket;
  answersAreDropped: boolean;
}

/** Listens on a free port and hands everything on to `target`. */
export async function startTcpProxy(target: {
  readonly host: string;
  readonly port: number;
}): Promise<TcpProxy> {
  const wires = new Set<Wire>();
  const port = await freePort();
  let stalled = false;

  const take = (client: Socket): void => {
    const server = connect({ ...target, allowHalfOpen: true });
    const wire = { client, server, answersAreDropped: false };
    wires.add(wire);
    join(client, server, () => wires.delete(wire));
    if (!stalled) open(wire);
  };
  const listen = async (): Promise<Server> => {
    const listening = createServer({ allowHalfOpen: true }, take).listen(port, '127.0.0.1');
    await once(listening, 'listening');
    return listening;
  };
  const cut = (): void => {
    for (const { client, server } of wires) {
      client.resetAndDestroy();
      server.resetAndDestroy();
    }
    wires.clear();
  };

  let listener: Server | null = await listen();
  const refuse = (): void => {
    listener?.close();
    listener = null;
  };
  return {
    port,
    get connections() {
      return wires.size;
    },
    cut,
    refuse,
    accept: async () => {
      listener ??= await listen();
    },
    stall: () => {
      if (stalled) return;
      stalled = true;
      for (const wire of wires) hold(wire);
    },
    flow: () => {
      if (!stalled) return;
      stalled = false;
      for (const wire of wires) open(wire);
    },
    dropAnswers: () => {
      for (const wire of wires) {
        wire.answersAreDropped = true;
        wire.server.unpipe(wire.client).resume();
      }
    },
    stop: () => {
      refuse();
      cut();
      return Promise.resolve();
    },
  };
}

/** The loss of one end is the loss of the other: at once, even when bytes are held back. */
function join(client: Socket, server: Socket, lost: () => void): void {
  for (const [one, other] of [
    [client, server],
    [server, client],
  ] as const) {
    one.setNoDelay(true);
    one.on('error', () => other.resetAndDestroy());
    one.on('close', lost);
  }
}

function open({ client, server, answersAreDropped }: Wire): void {
  client.pipe(server);
  if (!answersAreDropped) server.pipe(client);
}

/** Without a taker a socket reads no more than its buffer, and keeps what it has read. */
function hold({ client, server, answersAreDropped }: Wire): void {
  client.unpipe(server);
  if (!answersAreDropped) server.unpipe(client);
}
