import type { Effect } from './journal.js';

/** Somebody sat on a seat from `from` to `to` (epoch milliseconds); `to` is null while it lasts. */
export interface Sitting {
  readonly sdkAppId: number;
  readonly roomId: string;
  readonly index: number;
  readonly memberAccount: string;
  readonly from: number;
  to: number | null;
  readonly startedBy: Pick<Effect, 'by' | 'call'>;
  endedBy: Pick<Effect, 'by' | 'call'> | null;
}

/** Effects told as sittings, in the order in which they began. */
export function sittingsOf(effects: readonly Effect[]): Sitting[] {
  const all: Sitting[] = [];
  const open = new Map<string, Sitting>();
  for (const { kind, sdkAppId, roomId, index, memberAccount, at, by, call } of effects) {
    if (index === null || memberAccount === null) continue;
    const seat = JSON.stringify([sdkAppId, roomId, index]);
    if (kind === 'seat-taken') {
      const startedBy = { by, call };
      const sitting = {
        sdkAppId,
        roomId,
        index,
        memberAccount,
        from: at,
        to: null,
        startedBy,
        endedBy: null,
      };
      all.push(sitting);
      open.set(seat, sitting);
    }
    const sitting = open.get(seat);
    if (kind !== 'seat-left' || sitting === undefined) continue;
    sitting.to = at;
    sitting.endedBy = { by, call };
    open.delete(seat);
  }
  return all;
}
