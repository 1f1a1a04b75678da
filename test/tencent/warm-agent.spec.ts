import { request as httpRequest } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { connectionsTo } from '../../src/tencent/connect.js';
import { Departure } from '../../src/tencent/warm-agent.js';
import { WarmSockets } from '../../src/tencent/warm-sockets.js';
import { usualLimits } from '../../src/tencent/warmth-limits.js';
import { eventually } from '../support/eventually.js';
import { LocalServer } from './local-server.js';
import { MachineClock } from './machine-clock.js';

class SteppedClock extends MachineClock {
  at = 1_000;
  override monotonic(): number {
    return this.at;
  }
}

describe('a departure', () => {
  let server: LocalServer;
  let pool: WarmSockets;
  const clock = new SteppedClock();
  const leaveBy = (sendBy: number): Departure => new Departure(pool, clock, sendBy, 'http:');
  const send = (departure: Departure) =>
    httpRequest({ host: '127.0.0.1', port: server.port, method: 'POST', agent: departure as never });
  const ready = (count: number) =>
    eventually(() => pool.ready === count, { within: 3_000, what: `${count} ready` });

  beforeEach(async () => {
    server = await LocalServer.start();
    pool = new WarmSockets(connectionsTo(new URL(server.url)), { ...usualLimits, warm: 1 });
    pool.refill();
    await ready(1);
  });
  afterEach(async () => {
    pool.close();
    await server.stop();
  });

  it('is open at its last moment', async () => {
    const departure = leaveBy(1_000);
    send(departure)
      .on('error', () => undefined)
      .end('{}');
    expect(departure.sentAt).not.toBeNull();
    await eventually(() => server.seen.length === 1, { within: 3_000, what: 'the request arrived' });
  });

  it('is closed after it: the socket in hand goes back unused', async () => {
    const departure = leaveBy(999.9);
    expect(() => send(departure)).toThrow();
    expect(departure.sentAt).toBeNull();
    expect(departure.refusal).toBe('the slot was missed by 0.1 ms');
    await ready(1);
    expect(server.open.map((socket) => socket.bytesRead)).toEqual([0]);
  });

  it('looks at the clock with the socket in hand: time that passes while it is taken counts', () => {
    const taking = new (class extends WarmSockets {
      override take() {
        clock.at = 2_000;
        return pool.take();
      }
      override shelve(...[held]: Parameters<WarmSockets['shelve']>): void {
        pool.shelve(held);
      }
    })(() => {
      throw new Error('opens nothing');
    });
    const departure = new Departure(taking, clock, 1_500, 'http:');
    expect(() => send(departure)).toThrow();
    expect(departure.refusal).toBe('the slot was missed by 500.0 ms');
    clock.at = 1_000;
  });

  it('is refused without a free socket: nothing waits inside', () => {
    send(leaveBy(2_000)).on('error', () => undefined);
    const departure = leaveBy(2_000);
    expect(() => send(departure)).toThrow();
    expect(departure.refusal).toMatch(/^no connected socket was free/);
  });

  it('cannot cut a connection that has gone on to another request', async () => {
    pool.close();
    pool = new WarmSockets(connectionsTo(new URL(server.url)), { ...usualLimits, warm: 1, cap: 1 });
    pool.refill();
    await ready(1);
    const first = leaveBy(2_000);
    send(first)
      .on('response', (response) => response.resume())
      .end('{}');
    await ready(1);
    const other = leaveBy(2_000);
    let status: number | string | undefined;
    server.answer = (_seen, response) => {
      first.abandon();
      setImmediate(() => response.end('{}'));
    };
    send(other)
      .on('error', (error) => (status = error.message))
      .on('response', (response) => (status = response.resume().statusCode))
      .end('{}');
    await eventually(() => status !== undefined, { within: 3_000, what: 'the end of the second request' });
    expect(server.seen[1]?.from).toBe(server.seen[0]?.from);
    expect(status).toBe(200);
  });

  it('cuts its own request', async () => {
    server.answer = () => undefined;
    const departure = leaveBy(2_000);
    let failure = '';
    send(departure)
      .on('error', ({ message }) => (failure = message))
      .end('{}');
    await eventually(() => server.seen.length === 1, { within: 3_000, what: 'the request arrived' });
    departure.abandon();
    await eventually(() => failure !== '', { within: 3_000, what: 'the request failed' });
  });

  it.each([
    ['https:', httpsRequest],
    ['http:', httpRequest],
  ])('names the host without the usual port of %s', (protocol, request) => {
    const departure = new Departure(pool, clock, 2_000, protocol);
    const made = request({ protocol, host: 'tencent.test', agent: departure as never }).on(
      'error',
      () => undefined,
    );
    expect(made.getHeader('host')).toBe('tencent.test');
    made.destroy();
  });
});
