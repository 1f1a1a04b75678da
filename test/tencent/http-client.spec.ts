import { gzipSync } from 'node:zlib';
import { connectionsTo } from '../../src/tencent/connect.js';
import type { Exchange } from '../../src/tencent/exchange.js';
import { HttpClient } from '../../src/tencent/http-client.js';
import { WarmSockets } from '../../src/tencent/warm-sockets.js';
import { usualLimits } from '../../src/tencent/warmth-limits.js';
import { eventually } from '../support/eventually.js';
import { LocalServer, envelope } from './local-server.js';
import { MachineClock } from './machine-clock.js';

const clock = new MachineClock();
const signature = 'eJwtzM*EKgk-AQ__';

describe('the HTTP client', () => {
  let server: LocalServer;
  let pool: WarmSockets;

  const clientOf = (baseUrl: string, timeoutMs = 2_000, warm = 2): HttpClient => {
    pool = new WarmSockets(connectionsTo(new URL(baseUrl)), { ...usualLimits, warm });
    pool.refill();
    return new HttpClient(
      { baseUrl, sdkAppId: 1_400_000_000, adminIdentifier: 'ad min', timeoutMs },
      clock,
      pool,
    );
  };
  const post = (client: HttpClient, sendBy = clock.monotonic() + 1_000): Promise<Exchange> =>
    client.post({
      path: 'v4/room_engine_http_mic/pick_user_on_seat',
      body: { RoomId: 'räum' },
      signature,
      sendBy,
    });
  const ready = (count = 2) =>
    eventually(() => pool.ready >= count, { within: 3_000, what: `${count} ready connections` });

  beforeEach(async () => {
    server = await LocalServer.start();
  });
  afterEach(async () => {
    pool.close();
    await server.stop();
  });

  it('posts what the page of the API asks for, and nothing else', async () => {
    const client = clientOf(server.url);
    await ready();
    await post(client);
    const [seen] = server.seen;
    expect(seen?.method).toBe('POST');
    expect(seen?.url.pathname).toBe('/v4/room_engine_http_mic/pick_user_on_seat');
    expect([...(seen?.url.searchParams ?? [])]).toEqual([
      ['sdkappid', '1400000000'],
      ['identifier', 'ad min'],
      ['usersig', signature],
      ['random', expect.stringMatching(/^\d{1,10}$/)],
      ['contenttype', 'json'],
    ]);
    expect(seen?.body).toBe('{"RoomId":"räum"}');
    expect(seen?.headers).toMatchObject({
      'content-type': 'application/json',
      'content-length': String(Buffer.byteLength('{"RoomId":"räum"}')),
      connection: 'keep-alive',
      host: `127.0.0.1:${server.port}`,
    });
  });

  it('draws an unsigned number of 32 bits for each call', async () => {
    const client = clientOf(server.url);
    for (let call = 0; call < 40; call += 1) {
      await ready(1);
      await post(client);
    }
    const drawn = server.seen.map(({ url }) => Number(url.searchParams.get('random')));
    expect(new Set(drawn).size).toBe(40);
    expect(Math.max(...drawn)).toBeLessThan(2 ** 32);
    // All forty within 31 bits: once in a million million runs.
    expect(Math.max(...drawn)).toBeGreaterThanOrEqual(2 ** 31);
  });

  it('keeps the path of a base URL', async () => {
    const client = clientOf(`${server.url}/relay/`);
    await ready();
    await post(client);
    expect(server.seen[0]?.url.pathname).toBe('/relay/v4/room_engine_http_mic/pick_user_on_seat');
  });

  it('replies with the status and the bytes, unpacked, and the times of the database', async () => {
    const packed = gzipSync('{"ErrorCode":0}');
    server.answer = (_seen, response) => response.writeHead(200, { 'Content-Encoding': 'gzip' }).end(packed);
    const client = clientOf(server.url);
    await ready();
    const before = clock.now();
    const exchange = await post(client);
    const { sentAt, answeredAt, ...rest } = exchange as Extract<Exchange, { kind: 'replied' }>;
    expect({ ...rest, body: Buffer.from(rest.body).toString() }).toEqual({
      kind: 'replied',
      status: 200,
      body: '{"ErrorCode":0}',
    });
    expect(sentAt).toBeGreaterThanOrEqual(before);
    expect(answeredAt).toBeGreaterThan(sentAt);
    expect(answeredAt).toBeLessThanOrEqual(clock.now());
  });

  it.each([201, 301, 302, 403, 408, 429, 500, 502])(
    'hands HTTP %i on, and follows nothing',
    async (status) => {
      server.answer = (_seen, response) => response.writeHead(status, { Location: server.url }).end('<html>');
      const client = clientOf(server.url);
      await ready();
      expect(await post(client)).toMatchObject({ kind: 'replied', status });
      expect(server.seen).toHaveLength(1);
    },
  );

  it('sends many calls at once, each on a connection of its own, and uses the connections again', async () => {
    const client = clientOf(server.url, 2_000, 10);
    await ready(10);
    const exchanges = await Promise.all(Array.from({ length: 10 }, () => post(client)));
    expect(exchanges.map(({ kind }) => kind)).toEqual(Array.from({ length: 10 }, () => 'replied'));
    const ports = server.seen.map(({ from }) => from);
    expect(new Set(ports).size).toBe(10);
    await eventually(() => pool.ready === 20, {
      within: 3_000,
      what: 'all ten free again, beside ten fresh ones',
    });
    await post(client);
    expect(server.sockets).toHaveLength(20);
  });

  it('leaves too late: unsent, and not a byte on any connection', async () => {
    const client = clientOf(server.url);
    await ready();
    expect(await post(client, clock.monotonic() - 0.5)).toMatchObject({
      kind: 'unsent',
      message: expect.stringMatching(/^the slot was missed by \d+\.\d ms$/) as string,
    });
    await eventually(() => server.open.length === 2, { within: 3_000, what: 'the server took both' });
    expect(server.open.map((socket) => socket.bytesRead)).toEqual([0, 0]);
  });

  it('finds no free connection: unsent, and not a byte on any connection', async () => {
    server.answer = () => undefined;
    const client = clientOf(server.url, 300, 1);
    await ready(1);
    const first = post(client);
    const second = await post(client);
    expect(second).toMatchObject({ kind: 'unsent' });
    await first;
    expect(server.seen).toHaveLength(1);
  });

  it('is refused the connection: unsent, with the reason', async () => {
    const { url } = server;
    await server.stop();
    const client = clientOf(url);
    await eventually(() => pool.lastFailure === 'ECONNREFUSED', { within: 3_000, what: 'the refusal noted' });
    expect(await post(client)).toEqual({
      kind: 'unsent',
      message: 'no connected socket was free; of the last one that failed: ECONNREFUSED',
    });
  });

  it('cannot find the host: unsent', async () => {
    const client = clientOf('http://tencent.invalid');
    await eventually(() => /^E[A-Z_]+$/.test(pool.lastFailure), {
      within: 5_000,
      what: 'the failed look-up noted',
    });
    expect(await post(client)).toMatchObject({ kind: 'unsent' });
  });

  it.each([
    ['resets it after the request', (socket: LocalServer['sockets'][number]) => socket.resetAndDestroy()],
    ['ends it after the request', (socket: LocalServer['sockets'][number]) => socket.end()],
  ])('is silent when the server %s, on a fresh and on a used connection', async (_what, cut) => {
    const client = clientOf(server.url, 2_000, 1);
    const usual = server.answer;
    for (const used of [false, true]) {
      await ready(1);
      server.answer = usual;
      if (used) await post(client);
      server.answer = ({ socket }) => void cut(socket);
      await ready(1);
      expect(await post(client)).toMatchObject({
        kind: 'silent',
        message: 'the connection was cut before an answer came',
      });
    }
  });

  it('is silent when the answer breaks off', async () => {
    server.answer = ({ socket }, response) => {
      response.writeHead(200, { 'Content-Length': '100' });
      response.write('{"ErrorCode":0', () => socket.destroy());
    };
    const client = clientOf(server.url);
    await ready();
    expect(await post(client)).toMatchObject({ kind: 'silent' });
  });

  it('is silent when the answer is no HTTP', async () => {
    server.answer = ({ socket }) => void socket.end('SSH-2.0\r\n\r\n');
    const client = clientOf(server.url);
    await ready();
    expect(await post(client)).toMatchObject({
      kind: 'silent',
      message: 'no whole answer: HPE_INVALID_CONSTANT',
    });
  });

  it('is silent when the answer is larger than any answer', async () => {
    server.answer = (_seen, response) => response.writeHead(200).end(Buffer.alloc(1_100_000, ' '));
    const client = clientOf(server.url);
    await ready();
    expect(await post(client)).toMatchObject({ kind: 'silent' });
  });

  it.each([
    ['nothing comes', () => undefined],
    [
      'the head comes and the body drips',
      (_seen: unknown, response: Parameters<LocalServer['answer']>[1]) => {
        response.writeHead(200);
        const drip = setInterval(() => response.write(' '), 20);
        response.on('close', () => {
          clearInterval(drip);
        });
      },
    ],
  ])('gives up after the timeout when %s, and cuts the connection', async (_what, answer) => {
    server.answer = answer;
    const client = clientOf(server.url, 150);
    await ready();
    const since = performance.now();
    expect(await post(client)).toMatchObject({ kind: 'silent', message: 'no answer within 150 ms' });
    expect(performance.now() - since).toBeLessThan(1_000);
    await eventually(() => server.seen[0]?.socket.destroyed === true, {
      within: 3_000,
      what: 'the connection cut',
    });
  });

  it('is not misled by a second answer that nobody asked for', async () => {
    const client = clientOf(server.url);
    await ready();
    server.answer = ({ socket }, response) => {
      envelope(response, { ErrorCode: 0 });
      socket.write('HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}');
    };
    const exchange = await post(client);
    expect(exchange.kind).toBe('replied');
    // The second answer, unasked, cost the connection: the next call meets its own answer on another.
    server.answer = (_seen, response) => response.writeHead(200).end('mine');
    await ready();
    const next = await post(client);
    expect(next.kind === 'replied' && Buffer.from(next.body).toString()).toBe('mine');
  });

  it('replaces idle connections before the server would', async () => {
    const client = clientOf(server.url, 2_000, 1);
    await ready(1);
    server.answer = (_seen, response) => response.writeHead(200, { 'Keep-Alive': 'timeout=1' }).end('{}');
    await post(client);
    const used = server.seen[0]?.socket;
    await eventually(() => used?.destroyed === true, {
      within: 950,
      what: 'the used connection closed by us',
    });
  });
});
