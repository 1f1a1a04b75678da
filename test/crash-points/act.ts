import { randomUUID } from 'node:crypto';
import { partitionOf } from '../../src/kafka/murmur2.js';
import type { Sent, Stage } from '../support/stage/stage.js';
import type { CrashPoint } from './point.js';
import { sceneOf } from './scenes.js';
import type { Request } from './scenes.js';
import type { Standing } from './standing.js';
import type { Traced } from './witness.js';
import type { Victim } from './victim.js';

/** A victim with all that is sent to it. */
export interface Act {
  readonly point: CrashPoint;
  readonly victim: Victim;
  readonly request: Request;
  /** Settled before the message comes; null: there is none. */
  readonly prior: Request | null;
  /** The message that the victim does not finish. */
  readonly message: Sent;
  /** Once the victim is down: the message, when that was, and what stood. */
  traced: Traced | null;
  downAt: number;
  stood: Standing | null;
}

/** Makes the room at Tencent and the messages, all of the partition that the victim owns. */
export async function prepareAct(
  stage: Stage,
  victim: Victim,
  partition: number,
  partitions: number,
): Promise<Act> {
  const scene = sceneOf(victim.point.scene);
  const roomId = roomOf(partition, partitions);
  await stage.twin.createRoom({ roomId, seats: 4, members: ['mia', 'tom'] });
  if (scene.isTaken) await stage.twin.changeSeats(roomId, [{ index: 1, member: 'tom' }]);
  if (scene.fault)
    await stage.twin.addFaults({
      fault: scene.fault,
      roomId,
      memberAccount: 'mia',
      command: 'pick_user_on_seat',
      times: 1,
    });
  const request: Request = stage.pick(roomId, 'mia', 1);
  return {
    point: victim.point,
    victim,
    request,
    prior: scene.prior?.(request) ?? null,
    message: scene.message?.(request, victim.mark) ?? { ...request, mark: victim.mark },
    traced: null,
    downAt: 0,
    stood: null,
  };
}

/** A room whose requests lie in that partition. */
function roomOf(partition: number, partitions: number): string {
  for (;;) {
    const roomId = `room-${randomUUID().slice(0, 8)}`;
    if (partitionOf(Buffer.from(roomId), partitions) === partition) return roomId;
  }
}
