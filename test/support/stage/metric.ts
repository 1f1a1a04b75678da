import type { Usher } from '../../../sandbox/parts/usher.js';

/** A number that an instance tells about itself, by its name with labels; NaN where it does not. */
export async function metricOf({ url }: Usher, name: string): Promise<number> {
  const text = await (await fetch(`${url}/metrics`)).text();
  const line = text.split('\n').find((each) => each.startsWith(`${name} `));
  return Number(line?.split(' ')[1] ?? NaN);
}
