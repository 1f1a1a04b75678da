import { crashEverywhere } from './all-crashes.js';
import type { Crash } from './crash.js';
import { crashPoints } from './points.js';
import { endingOf } from './scenes.js';

const signals = ['SIGKILL', 'SIGSTOP'] as const;
let crashes: readonly Crash[] = [];
beforeAll(async () => {
  crashes = await crashEverywhere(crashPoints, signals);
}, 400_000);

describe.each(signals)('an instance that is stopped for good by %s', (signal) => {
  it.each(crashPoints)('$scene: $name → another has to $then.must', (point) => {
    const { standing, then } = point;
    const crash = crashes.find((each) => each.signal === signal && each.point === point);
    expect(crash?.stood).toEqual(expect.objectContaining(standing));

    const { told, calls, seated, recorded } = endingOf(point.scene, then.ends);
    const copies = standing.copies + (standing.committed ? 0 : 1);
    expect(crash?.ended).toMatchObject({ calls, seated, copies, committed: true });
    expect(crash?.recorded).toBe(recorded);
    const [first, ...others] = (crash?.copies ?? []).map(({ key, value, headers }) => ({
      key,
      value,
      headers,
    }));
    expect(first && toldBy(first)).toMatchObject(told);
    for (const copy of others) expect(copy).toEqual(first);
  });
});

/** The fields of an outcome; of a dead letter the headers. */
function toldBy({ value, headers }: Pick<Crash['copies'][number], 'value' | 'headers'>): unknown {
  return 'dl_reason' in headers ? headers : JSON.parse(String(value));
}
