import { once } from 'node:events';
import { createServer as createTlsServer } from 'node:https';
import { createServer } from 'node:net';
import type { AddressInfo, Socket } from 'node:net';
import { connectionsTo } from '../../src/tencent/connect.js';
import { HttpClient } from '../../src/tencent/http-client.js';
import { WarmSockets } from '../../src/tencent/warm-sockets.js';
import { usualLimits } from '../../src/tencent/warmth-limits.js';
import { eventually } from '../support/eventually.js';
import { LocalServer } from './local-server.js';
import { MachineClock } from './machine-clock.js';

/** TLS by a key known to both ends: no certificate has to be made for a test. */
const psk = Buffer.from('5c0a7a3b1f4e4a1d9a6c2f7e8b3d4c5a', 'hex');
const tls12 = { ciphers: 'PSK', minVersion: 'TLSv1.2', maxVersion: 'TLSv1.2' } as const;
const clientTls = {
  ...tls12,
  pskCallback: () => ({ psk, identity: 'usher' }),
  checkServerIdentity: () => undefined,
};

describe('a connection over TLS', () => {
  let server: LocalServer;
  let pool: WarmSockets;
  let client: HttpClient;
  const clock = new MachineClock();
  const post = () =>
    client.post({ path: 'v4/x/y', body: {}, signature: 'sig', sendBy: clock.monotonic() + 1_000 });

  beforeEach(async () => {
    server = await LocalServer.start(createTlsServer({ ...tls12, pskCallback: () => psk }));
    const baseUrl = `https://127.0.0.1:${server.port}`;
    pool = new WarmSockets(connectionsTo(new URL(baseUrl), clientTls), { ...usualLimits, warm: 1 });
    client = new HttpClient({ baseUrl, sdkAppId: 1, adminIdentifier: 'admin', timeoutMs: 100 }, clock, pool);
    pool.refill();
    await eventually(() => pool.ready === 1, { within: 3_000, what: 'the handshake finished' });
  });
  afterEach(async () => {
    pool.close();
    await server.stop();
  });

  it('carries one call after another', async () => {
    expect(await post()).toMatchObject({ kind: 'replied', status: 200 });
    await eventually(() => pool.ready >= 1, { within: 3_000, what: 'a free connection' });
    expect(await post()).toMatchObject({ kind: 'replied', status: 200 });
  });

  it('is reset when a call on it is given up', async () => {
    server.answer = () => undefined;
    const pending = post();
    await eventually(() => server.seen.length === 1, { within: 3_000, what: 'the call arrived' });
    const reset = new Promise<string | undefined>((resolve) => {
      // The reset shows on whichever end of the TLS pair reads first.
      for (const socket of [...server.sockets, server.seen[0]?.socket]) {
        socket?.on('error', (error: NodeJS.ErrnoException) => {
          resolve(error.code);
        });
      }
    });
    expect(await pending).toMatchObject({ kind: 'silent', message: 'no answer within 100 ms' });
    expect(await reset).toBe('ECONNRESET');
  });
});

describe('a connection over TLS that Node cannot trust', () => {
  it('is never ready, so nothing is sent', async () => {
    const server = await LocalServer.start(createTlsServer({ ...tls12, pskCallback: () => psk }));
    const pool = new WarmSockets(connectionsTo(new URL(`https://127.0.0.1:${server.port}`)), {
      ...usualLimits,
      warm: 1,
    });
    pool.refill();
    await eventually(() => pool.lastFailure.startsWith('ERR_SSL'), {
      within: 3_000,
      what: 'the failed handshake noted',
    });
    expect(pool.take()).toBeNull();
    pool.close();
    await server.stop();
  });
});

describe('a plain connection', () => {
  it('is reset when a call on it is given up, so that what the kernel still holds is dropped', async () => {
    const sockets: Socket[] = [];
    const codes: (string | undefined)[] = [];
    const server = createServer((socket) => {
      sockets.push(socket.on('error', (error: NodeJS.ErrnoException) => codes.push(error.code)));
      socket.resume();
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const open = connectionsTo(new URL(`http://127.0.0.1:${(server.address() as AddressInfo).port}`));
    const connection = open();
    await once(connection.socket, connection.readyEvent);
    connection.reset();
    await eventually(() => codes.includes('ECONNRESET'), { within: 3_000, what: 'the reset arrived' });
    server.close();
  });
});
