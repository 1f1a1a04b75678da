import { setTimeout as wait } from 'node:timers/promises';
import type { TwinControl } from '../twin/client.js';
import type { Act } from './acts.js';
import type { Tally } from './tally.js';
import type { Traffic } from './traffic.js';
import type { Wire } from './wire.js';

/** How often acts are played; what falls due in between goes out together. */
const beatMs = 40;

/** Plays the traffic: people come and go at the twin, their requests go out on Kafka. */
export class Stage {
  constructor(
    private readonly traffic: Traffic,
    private readonly twin: TwinControl,
    private readonly wire: Wire,
    private readonly tally: Tally,
  ) {}

  /** Makes the rooms and lets the hosts sit down. */
  async open(): Promise<void> {
    await this.twin.createRooms(this.traffic.rooms);
    await Promise.all(this.traffic.opening.map((act) => this.change(act)));
  }

  /** Plays until the signal. What happens at the twin comes first in every beat, so that who asks has entered. */
  async play(signal: AbortSignal, tell: (news: string) => void): Promise<void> {
    const began = performance.now();
    while (!signal.aborted) {
      const acts = this.traffic.until(performance.now() - began);
      await this.changeRooms(acts);
      const asks = acts.filter((act) => act.kind === 'ask');
      for (const { requestId } of asks) if (requestId !== null) this.tally.sent(requestId, performance.now());
      await this.wire.send(asks);
      for (const act of acts) if (act.kind === 'news') tell(act.text);
      await wait(beatMs);
    }
  }

  /** Rooms side by side, the acts of one room in their order. */
  private async changeRooms(acts: readonly Act[]): Promise<void> {
    const rooms = new Map<string, Promise<void>>();
    for (const act of acts) {
      const before = rooms.get(act.roomId) ?? Promise.resolve();
      rooms.set(
        act.roomId,
        before.then(() => this.change(act)),
      );
    }
    await Promise.all(rooms.values());
  }

  private async change(act: Act): Promise<void> {
    switch (act.kind) {
      case 'members':
        await this.twin.changeMembers(act.roomId, { enter: [...act.enter], leave: [...act.leave] });
        break;
      case 'seats':
        await this.twin.changeSeats(act.roomId, act.changes);
        break;
      case 'lose-answer':
        await this.twin.addFaults({
          fault: { kind: 'answer-lost' },
          command: 'pick_user_on_seat',
          roomId: act.roomId,
          times: 1,
        });
        break;
      case 'ask':
      case 'news':
        break;
    }
  }
}
