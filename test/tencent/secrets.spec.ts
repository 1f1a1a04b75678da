import { redact } from '../../src/tencent/redact.js';
import { eventually } from '../support/eventually.js';
import { slotIn, standEngine, tencent } from './engine.js';
import type { Stood } from './engine.js';
import { LocalServer, envelope } from './local-server.js';

type Answering = LocalServer['answer'];

/** A server that quotes everything it was sent wherever it can. */
const quoting =
  (ErrorCode: number, status = 200): Answering =>
  ({ url }, response) => {
    response.statusCode = status;
    const quoted = `${url.href} ${url.searchParams.get('usersig') ?? ''} ${tencent.secretKey}`;
    const SeatList = [{ Index: 'x', Member_Account: quoted }];
    envelope(response, {
      ActionStatus: 'FAIL',
      ErrorCode,
      ErrorInfo: quoted,
      RequestId: quoted,
      Response: { SeatList },
    });
  };

const failures: Record<string, Answering> = {
  'code 0 beside FAIL': quoting(0),
  'a rejection': quoting(100210),
  'a fault of configuration': quoting(70009),
  'a refused signature': quoting(70003),
  'a lock-out': quoting(70050),
  'too many calls': quoting(60007),
  'an internal error': quoting(70169),
  'a strange code': quoting(424242),
  'HTTP 403 that quotes the URL': ({ url }, response) => void response.writeHead(403).end(url.href),
  'HTTP 502 that quotes the URL': ({ url }, response) =>
    void response.writeHead(502, url.search).end(url.href),
  'a redirect that quotes the URL': ({ url }, response) =>
    void response.writeHead(302, { Location: url.href }).end(),
  'a body that is no JSON': ({ url }, response) => void response.end(url.href),
  'a body that is too large': ({ url }, response) => void response.end(url.href.repeat(10_000)),
  'a cut connection': ({ socket }) => void socket.resetAndDestroy(),
  'an answer that is no HTTP': ({ socket, url }) => void socket.end(url.href),
  'an answer that breaks off': ({ socket, url }, response) => {
    response.writeHead(200, { 'Content-Length': '9999' });
    response.write(url.href, () => socket.destroy());
  },
  'no answer': () => undefined,
};

describe('secrets', () => {
  let server: LocalServer;
  let stood: Stood;
  /** What Node and the libraries print by themselves. */
  const printed: string[] = [];
  const written = {
    out: process.stdout.write.bind(process.stdout),
    err: process.stderr.write.bind(process.stderr),
  };

  beforeEach(async () => {
    const keep = (chunk: unknown): boolean => printed.push(String(chunk)) > 0;
    process.stdout.write = keep;
    process.stderr.write = keep;
    server = await LocalServer.start();
    stood = standEngine(server.url);
    await eventually(() => stood.engine.ready >= 10, { within: 3_000, what: 'warm connections' });
  });
  afterEach(async () => {
    process.stdout.write = written.out;
    process.stderr.write = written.err;
    stood.engine.close();
    await server.stop();
  });

  const slot = (late = 0) => slotIn(stood.clock, -late);
  const call = (when = slot()) =>
    stood.engine.call(
      { command: 'pick', sdkAppId: tencent.sdkAppId, roomId: 'r', memberAccount: 'u', index: 0 },
      when,
    );
  const read = (when = slot()) => stood.engine.readSeats({ sdkAppId: tencent.sdkAppId, roomId: 'r' }, when);

  async function nothingLeaks(told: readonly unknown[], signature: string): Promise<void> {
    const metrics = await stood.metrics.exposition();
    const everything = [JSON.stringify(told), JSON.stringify(stood.log.lines), metrics, ...printed].join(
      '\n',
    );
    expect(signature.length).toBeGreaterThan(100);
    for (const secret of [
      signature,
      encodeURIComponent(signature),
      tencent.secretKey,
      signature.slice(0, 24),
    ]) {
      expect(everything).not.toContain(secret);
    }
  }

  it.each(Object.entries(failures))('stay here at %s', async (_what, answer) => {
    server.answer = answer;
    const told = [await call(), await read()];
    await nothingLeaks(told, server.seen[0]?.url.searchParams.get('usersig') ?? '');
  });

  it('stay here when nothing is sent', async () => {
    await call();
    const signature = server.seen[0]?.url.searchParams.get('usersig') ?? '';
    const told: unknown[] = [await call(slot(500)), await read(slot(500))];
    stood.engine.close();
    told.push(await call(), await read());
    expect(told).toMatchObject(Array.from({ length: 4 }, () => ({ kind: 'unsent' })));
    await nothingLeaks(told, signature);
  });

  it('are hidden in words too: of any signature, ours or not, whole or quoted', () => {
    const other = `eJ${'wtzM-*Kg'.repeat(10)}__`;
    expect(redact(`bad ${other}!`, [])).toBe('bad [hidden]!');
    expect(redact('GET /v4/x?usersig=abc%2Fdef&random=1', [])).toBe('GET /v4/x?usersig=[hidden]&random=1');
    expect(redact('{"UserSig": "abc"}', [])).not.toContain('abc');
    expect(redact('key a+b/c== or a%2Bb%2Fc%3D%3D', ['a+b/c=='])).toBe('key [hidden] or [hidden]');
    expect(redact('UserSig expired', [])).toBe('UserSig expired');
  });
});
