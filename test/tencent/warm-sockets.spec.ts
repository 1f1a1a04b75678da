import { once } from 'node:events';
import { createServer } from 'node:net';
import type { AddressInfo, Server, Socket } from 'node:net';
import { eventually } from '../support/eventually.js';
import { connectionsTo } from '../../src/tencent/connect.js';
import { WarmSockets } from '../../src/tencent/warm-sockets.js';
import { usualLimits } from '../../src/tencent/warmth-limits.js';
import type { WarmthLimits } from '../../src/tencent/warmth-limits.js';
import { LocalServer } from './local-server.js';

describe('warm sockets', () => {
  let server: LocalServer;
  let pool: WarmSockets;

  const openPool = async (
    limits: Partial<WarmthLimits> = {},
    ready = limits.warm ?? usualLimits.warm,
  ): Promise<void> => {
    pool = new WarmSockets(connectionsTo(new URL(server.url)), { ...usualLimits, ...limits });
    pool.refill();
    await isReady(ready);
  };
  const isReady = (count: number): Promise<void> =>
    eventually(() => pool.ready === count, { within: 3_000, what: `${count} ready connections` });
  const accepted = (count: number): Promise<void> =>
    eventually(() => server.sockets.length === count, {
      within: 3_000,
      what: `${count} connections accepted`,
    });

  const others: Server[] = [];
  const listen = async (onConnection: (socket: Socket) => void, port = 0): Promise<number> => {
    const other = createServer((socket) => {
      onConnection(socket.on('error', () => undefined));
    });
    others.push(other.listen(port, '127.0.0.1'));
    await once(other, 'listening');
    return (other.address() as AddressInfo).port;
  };
  const keepWarm = (port: number, limits: Partial<WarmthLimits>, scheme = 'http'): void => {
    const connect = connectionsTo(new URL(`${scheme}://127.0.0.1:${port}`));
    pool = new WarmSockets(connect, { ...usualLimits, warm: 1, ...limits });
    pool.refill();
  };

  beforeEach(async () => {
    server = await LocalServer.start();
  });
  afterEach(async () => {
    pool.close();
    for (const other of others.splice(0)) other.close();
    await server.stop();
  });

  it('are connected before anybody asks, as many as are to be warm', async () => {
    await openPool();
    await accepted(usualLimits.warm);
    expect(server.seen).toHaveLength(0);
  });

  it('are replaced as they are taken', async () => {
    await openPool({ warm: 2 });
    pool.take();
    pool.take();
    await isReady(2);
    await accepted(4);
  });

  it('give none rather than let anybody wait, and have one more opened', async () => {
    await openPool({ warm: 1 });
    expect(pool.take()).not.toBeNull();
    expect(pool.take()).toBeNull();
    expect(pool.take()).toBeNull();
    await isReady(3);
  });

  it('are never more than the cap, idle and busy together', async () => {
    await openPool({ warm: 2, cap: 3 });
    pool.take();
    await isReady(2);
    expect([pool.take(), pool.take(), pool.take(), pool.take()].filter((held) => held !== null)).toHaveLength(
      2,
    );
    await new Promise(setImmediate);
    pool.refill();
    await accepted(3);
    expect(server.sockets).toHaveLength(3);
  });

  it('are taken in the order last used first', async () => {
    await openPool({ warm: 2 });
    const used = pool.take();
    used?.connection.socket.emit('free');
    expect(pool.take()).toBe(used);
  });

  it('are replaced when the server closes them', async () => {
    await openPool({ warm: 3, stillbornMs: 0 });
    await accepted(3);
    for (const socket of server.open) socket.end();
    await accepted(6);
    await isReady(3);
  });

  it('are not handed out after the server has closed them', async () => {
    await openPool({ warm: 1, stillbornMs: 0, shortestPauseMs: 100_000 });
    await accepted(1);
    const first = server.open[0];
    first?.destroy();
    await accepted(2);
    await isReady(1);
    const taken = pool.take();
    expect(taken?.connection.socket.localPort).toBe(server.open[0]?.remotePort);
  });

  it('are thrown away when the server speaks unasked', async () => {
    await openPool({ warm: 1, stillbornMs: 0 });
    await accepted(1);
    server.open[0]?.write('HTTP/1.1 408 Request Timeout\r\nConnection: close\r\n\r\n');
    await accepted(2);
    await isReady(1);
  });

  it('are thrown away when the server resets them', async () => {
    await openPool({ warm: 1, stillbornMs: 0 });
    await accepted(1);
    server.open[0]?.resetAndDestroy();
    await accepted(2);
    await isReady(1);
  });

  it('are replaced one after the other when nobody used them, before the server would close them', async () => {
    await openPool({ warm: 4, idleMs: 200, stillbornMs: 0 });
    const since = performance.now();
    await eventually(() => server.sockets.length >= 8, { within: 3_000, what: 'all four replaced' });
    expect(performance.now() - since).toBeGreaterThan(140);
    expect(pool.ready).toBeGreaterThanOrEqual(2);
  });

  it('are replaced a second before the server said that it closes them', async () => {
    await openPool({ warm: 1, stillbornMs: 0 });
    pool.obey(1_100);
    pool.take()?.connection.socket.emit('free');
    const since = performance.now();
    const before = server.sockets.length;
    await eventually(() => server.sockets.length > before, { within: 900, what: 'the old one replaced' });
    expect(performance.now() - since).toBeLessThan(900);
  });

  it('leave a server alone that hangs up at once: pauses that double', async () => {
    const accepts: number[] = [];
    const port = await listen((socket) => {
      accepts.push(performance.now());
      socket.destroy();
    });
    keepWarm(port, { shortestPauseMs: 50 });
    await eventually(() => accepts.length >= 4, { within: 3_000, what: 'four tries' });
    const gaps = accepts.slice(1, 4).map((at, i) => at - (accepts[i] ?? 0));
    expect(gaps[0]).toBeGreaterThan(45);
    expect(gaps[1]).toBeGreaterThan(95);
    expect(gaps[2]).toBeGreaterThan(190);
  });

  it('say why the last connection failed, and come back when the server does', async () => {
    const { port } = server;
    await server.stop();
    keepWarm(port, { shortestPauseMs: 10 });
    await eventually(() => pool.lastFailure === 'ECONNREFUSED', { within: 3_000, what: 'the refusal noted' });
    expect(pool.take()).toBeNull();
    await listen(() => undefined, port);
    await eventually(() => pool.ready >= 1, { within: 3_000, what: 'a ready connection' });
  });

  it('are given up when connecting takes too long', async () => {
    // TLS towards a server that never answers its hello.
    const port = await listen(() => undefined);
    keepWarm(port, { connectMs: 50 }, 'https');
    await eventually(() => pool.lastFailure === 'connecting took too long', {
      within: 3_000,
      what: 'the timeout noted',
    });
    expect(pool.ready).toBe(0);
  });

  it('end at closing: idle ones now, busy ones when they are free, and no new ones come', async () => {
    await openPool({ warm: 2 });
    const busy = pool.take();
    await isReady(2);
    await accepted(3);
    pool.close();
    await eventually(() => server.open.length === 1, { within: 3_000, what: 'the idle ones closed' });
    busy?.connection.socket.emit('free');
    await eventually(() => server.open.length === 0, { within: 3_000, what: 'the busy one closed' });
    expect(pool.take()).toBeNull();
    await new Promise(setImmediate);
    expect(server.sockets).toHaveLength(3);
  });
});
