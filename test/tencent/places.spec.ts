import { Places } from '../../src/tencent/places.js';
import { FakeClock } from '../support/fakes/fake-clock.js';

describe('places for calls', () => {
  let clock: FakeClock;
  let connections: number;
  let places: Places;

  beforeEach(() => {
    clock = new FakeClock();
    connections = 1_000;
    places = new Places(clock, () => connections);
  });

  const begin = (kind: 'call' | 'read', times: number) =>
    Array.from({ length: times }, () => places.begin(kind));
  /** In flight: each has taken its connection. */
  const fly = (kind: 'call' | 'read', times: number) => {
    const all = begin(kind, times);
    for (const place of all) place.departs();
    return all;
  };
  const hasFreed = async (work: () => unknown): Promise<boolean> => {
    let freed = false;
    void places.freed().then(() => (freed = true));
    await work();
    await new Promise(setImmediate);
    return freed;
  };

  it('bounds the calls in flight, and keeps a share for the reads', () => {
    expect([places.free('call'), places.free('read')]).toEqual([100, 24]);
    fly('call', 100);
    expect([places.free('call'), places.free('read')]).toEqual([0, 24]);
    fly('read', 24);
    expect(places.free('read')).toBe(0);
  });

  it('gives a place back when a call ends, and tells so', async () => {
    const [first] = fly('call', 100);
    expect(await hasFreed(() => first?.ends('answered'))).toBe(true);
    expect(places.free('call')).toBe(1);
  });

  it('promises each connection once: whoever waits for its slot will need one', () => {
    connections = 10;
    begin('call', 4);
    expect([places.free('call'), places.free('read')]).toEqual([4, 6]);
    begin('read', 6);
    expect([places.free('call'), places.free('read')]).toEqual([0, 0]);
  });

  it('counts no call twice that ends without having departed', () => {
    connections = 10;
    const [unsent] = begin('read', 1);
    unsent?.ends('unsent');
    expect(places.free('read')).toBe(10);
  });

  it('has none while no connection is ready', () => {
    connections = 0;
    expect([places.free('call'), places.free('read')]).toEqual([0, 0]);
  });

  it('has none of a kind whose calls fail, and one after a while; the other kind goes on', async () => {
    for (const place of fly('call', 20)) place.ends('failed');
    expect([places.isOpen('call'), places.free('call')]).toEqual([true, 0]);
    expect([places.isOpen('read'), places.free('read')]).toEqual([false, 24]);
    expect(await hasFreed(() => clock.advance(1_000))).toBe(true);
    expect(places.free('call')).toBe(1);
    const [probe] = fly('call', 1);
    expect(places.free('call')).toBe(0);
    probe?.ends('answered');
    expect(places.free('call')).toBe(100);
  });

  it('holds nothing against Tencent that never left', () => {
    for (const place of begin('call', 50)) place.ends('unsent');
    expect(places.isOpen('call')).toBe(false);
  });
});
