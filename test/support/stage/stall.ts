import { setTimeout as pause } from 'node:timers/promises';
import type { Usher } from '../../../sandbox/parts/usher.js';

/** Stops the instance as a whole for so long: its timers, its sockets, its event loop. */
export async function stall(usher: Usher, ms: number): Promise<void> {
  usher.signal('SIGSTOP');
  await pause(ms);
  usher.signal('SIGCONT');
}

/** Stalls one instance after the other for `ms`, one every `everyMs`, until told to stop. */
export function stallByTurns(
  ushers: readonly Usher[],
  { ms, everyMs }: { readonly ms: number; readonly everyMs: number },
): () => Promise<void> {
  const stopped = new AbortController();
  const stalling = (async () => {
    for (let at = 0; !stopped.signal.aborted; at += 1) {
      await stall(ushers[at % ushers.length] as Usher, ms);
      await pause(everyMs - ms, undefined, { signal: stopped.signal }).catch(() => undefined);
    }
  })();
  return () => {
    stopped.abort();
    return stalling;
  };
}
