import { once } from 'node:events';
import { connect, createServer } from 'node:net';
import type { AddressInfo, Server, Socket } from 'node:net';
import { startTcpProxy } from '../../../sandbox/parts/tcp-proxy.js';
import type { TcpProxy } from '../../../sandbox/parts/tcp-proxy.js';
import { eventually } from '../../support/eventually.js';

let server: Server;
let proxy: TcpProxy;
/** What the server heard, and its ends of the connections. */
let heard = '';
let ends: Socket[] = [];
let clients: Client[] = [];

/** Answers every chunk in capitals. */
beforeEach(async () => {
  heard = '';
  ends = [];
  clients = [];
  server = createServer((socket) => {
    ends.push(socket);
    socket.on('error', () => undefined);
    socket.on('data', (bytes: Buffer) => {
      heard += String(bytes);
      socket.write(String(bytes).toUpperCase());
    });
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  proxy = await startTcpProxy({ host: '127.0.0.1', port: serverPort() });
});
afterEach(async () => {
  for (const { socket } of clients) socket.destroy();
  await proxy.stop();
  server.close();
});

interface Client {
  readonly socket: Socket;
  answered: string;
  error: string | null;
}

async function client(port = proxy.port): Promise<Client> {
  const made: Client = { socket: connect(port, '127.0.0.1'), answered: '', error: null };
  clients.push(made);
  made.socket.on('data', (bytes: Buffer) => (made.answered += String(bytes)));
  made.socket.on('error', (error: NodeJS.ErrnoException) => (made.error = error.code ?? error.message));
  await soon(() => !made.socket.connecting, 'the client is connected, or told that it cannot be');
  return made;
}

const serverPort = (): number => (server.address() as AddressInfo).port;

const soon = (condition: () => boolean, what: string): Promise<void> =>
  eventually(condition, { within: 5000, what });

async function talk(one: Client, word: string): Promise<void> {
  const before = one.answered;
  one.socket.write(word);
  await soon(() => one.answered === before + word.toUpperCase(), `the answer to ${word}`);
}

describe('a wire between client and server', () => {
  test('hands bytes on, both ways, and the end of the client too', async () => {
    const one = await client();
    await talk(one, 'hello');
    expect(proxy.connections).toBe(1);
    one.socket.end();
    await soon(() => proxy.connections === 0, 'the connection is gone');
  });

  test('when cut, resets both ends at once and takes new connections', async () => {
    const one = await client();
    await talk(one, 'a');
    proxy.cut();
    await soon(() => one.error === 'ECONNRESET' && ends[0]?.destroyed === true, 'both ends notice');
    await talk(await client(), 'b');
  });

  test('when refusing, takes no new connection until it accepts again, and keeps those it has', async () => {
    const old = await client();
    await talk(old, 'a');
    proxy.refuse();
    const refused = await client();
    await soon(() => refused.error === 'ECONNREFUSED', 'the client is refused');
    await talk(old, 'b');
    await proxy.accept();
    await talk(await client(), 'c');
  });

  test('when stalled, holds every byte back and delivers all of them later, on new connections too', async () => {
    const old = await client();
    await talk(old, 'a');
    proxy.stall();
    const young = await client();
    old.socket.write('b');
    young.socket.write('c');
    ends[0]?.write('d');
    // Another wire to the same server is used after them: what did not arrive by then is held.
    const other = await startTcpProxy({ host: '127.0.0.1', port: serverPort() });
    await talk(await client(other.port), 'x');
    await other.stop();
    expect([heard, old.answered, young.answered]).toEqual(['ax', 'A', '']);
    proxy.stall();
    proxy.flow();
    proxy.flow();
    await soon(() => old.answered === 'AdB' && young.answered === 'C', 'what was held back arrives');
  });

  test('when answers are dropped, the server hears and the client does not; new connections are not concerned', async () => {
    const one = await client();
    await talk(one, 'a');
    proxy.dropAnswers();
    one.socket.write('b');
    await soon(() => heard === 'ab', 'the server hears');
    await talk(await client(), 'c');
    expect(one.answered).toBe('A');
  });

  test('loses the client when the server is gone', async () => {
    const one = await client();
    await talk(one, 'a');
    ends[0]?.resetAndDestroy();
    await soon(() => one.error === 'ECONNRESET', 'the client notices');
    server.close();
    const late = await client();
    await soon(() => late.error === 'ECONNRESET', 'a new client notices');
  });
});
