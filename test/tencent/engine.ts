import type { Slot } from '../../src/commands/ports.js';
import type { AppSettings } from '../../src/config/app-settings.js';
import { Metrics } from '../../src/telemetry/metrics.js';
import { TencentRoomEngine } from '../../src/tencent/tencent-room-engine.js';
import { KeptLog } from './kept-log.js';
import { MachineClock } from './machine-clock.js';

/** The application of the tests. Its key is found nowhere but where it leaks. */
export const tencent = {
  baseUrl: '',
  sdkAppId: 1_400_000_000,
  adminIdentifier: 'administrator',
  secretKey: '0123456789abcdef'.repeat(4),
  callsPerSecond: 200,
  jitterAllowanceMs: 25,
  timeoutMs: 300,
};

/** An engine on a server, with all that it tells the world. */
export interface Stood {
  readonly engine: TencentRoomEngine;
  readonly clock: MachineClock;
  readonly metrics: Metrics;
  readonly log: KeptLog;
}

/** The real engine towards this URL. */
export function standEngine(baseUrl: string, changes: Partial<typeof tencent> = {}): Stood {
  const clock = new MachineClock();
  const metrics = new Metrics();
  const log = new KeptLog();
  const settings = { tencent: { ...tencent, ...changes, baseUrl } } as AppSettings;
  return { engine: new TencentRoomEngine(settings, clock, metrics, log), clock, metrics, log };
}

/** A slot so many milliseconds ahead, to be met within a quarter of a second: a loaded machine must not fail a test. */
export function slotIn(clock: MachineClock, ms = 0): Slot {
  const at = clock.now() + ms;
  const monotonicAt = clock.monotonic() + ms;
  return { at, sendBy: at + 250, monotonicAt, monotonicSendBy: monotonicAt + 250 };
}
