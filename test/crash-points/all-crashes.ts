import type { Crash } from './crash.js';
import type { CrashPoint } from './point.js';
import { Wave } from './wave.js';

/** Instances at once: more of them cannot keep their session on two cores. */
const most = 30;

/** Every point with every signal, in waves: while one wave is finished by its successor, the next one starts. */
export async function crashEverywhere(
  points: readonly CrashPoint[],
  signals: readonly Crash['signal'][],
): Promise<readonly Crash[]> {
  const size = Math.ceil(points.length / Math.ceil(points.length / most));
  const finishing: Promise<readonly Crash[]>[] = [];
  for (let from = 0; from < points.length; from += size) {
    for (const signal of signals) {
      const wave = await Wave.start(points.slice(from, from + size), signal);
      await wave.strike().catch(async (error: unknown) => {
        await wave.close();
        throw error;
      });
      const finished = wave.finish();
      // It is awaited at the end; until then a failure waits, too.
      finished.catch(() => undefined);
      finishing.push(finished);
    }
  }
  return (await Promise.all(finishing)).flat();
}
