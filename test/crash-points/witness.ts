import type { Stage } from '../support/stage/stage.js';
import type { ReadMessage } from '../support/stage/topic-reader.js';
import type { Broker } from './broker.js';
import type { Standing } from './standing.js';

/** A message on its way: its request, and where it lies. */
export interface Traced {
  readonly requestId: string;
  readonly roomId: string;
  readonly partition: number;
  readonly offset: number;
  readonly isLetter: boolean;
}

/** Every copy of its outcome, or of its dead letter. */
export function copiesOf(stage: Stage, { requestId, partition, offset, isLetter }: Traced): ReadMessage[] {
  if (!isLetter) return stage.copiesOf(requestId);
  return stage.deadLetters.filter(
    ({ headers }) => headers['dl_partition'] === String(partition) && headers['dl_offset'] === String(offset),
  );
}

/** What stands of each message now: in Postgres, at Tencent, in Kafka. */
export async function standings(
  stage: Stage,
  broker: Broker,
  traced: readonly Traced[],
): Promise<Map<Traced, Standing>> {
  const [rows, noted, attempts, letters, calls, effects, offsets] = await Promise.all([
    rowsOf(stage),
    stage.sql<{ request_id: string }>('select request_id from publications'),
    attemptsOf(stage),
    lettersOf(stage),
    stage.twin.calls(),
    stage.twin.effects(),
    broker.committed(),
  ]);
  const stands = (message: Traced): Standing => {
    const { requestId, roomId, partition, offset } = message;
    const ofMia = calls.filter(({ command, body }) => {
      const { RoomId, Member_Account } = (body ?? {}) as { RoomId?: string; Member_Account?: string };
      return command?.endsWith('pick_user_on_seat') === true && RoomId === roomId && Member_Account === 'mia';
    });
    return {
      row: rows.get(requestId) ?? 'absent',
      attempts: attempts.get(roomId) ?? '',
      calls: ofMia.length,
      seated: effects.filter(
        (each) => each.kind === 'seat-taken' && each.roomId === roomId && each.memberAccount === 'mia',
      ).length,
      letters: letters.filter((at) => at === `${partition} ${offset}`).length,
      copies: copiesOf(stage, message).length,
      committed: (offsets.get(partition) ?? -1) > offset,
      noted: noted.some(({ request_id }) => request_id === requestId),
    };
  };
  return new Map(traced.map((message) => [message, stands(message)]));
}

async function rowsOf(stage: Stage): Promise<Map<string, Standing['row']>> {
  const rows = await stage.sql<{ request_id: string; row: Standing['row'] }>(
    `select request_id, state || case when state = 'settled' then '' else ' ' || attempt end as row from seat_requests`,
  );
  return new Map(rows.map(({ request_id, row }) => [request_id, row]));
}

/** Of a room, but for tom's and for those that never left: a busy machine misses a slot now and then. */
async function attemptsOf(stage: Stage): Promise<Map<string, string>> {
  const rows = await stage.sql<{ room_id: string; attempts: string }>(
    `select room_id, string_agg(purpose || ' ' || coalesce(class, '?'), ', ' order by slot_at) as attempts
       from attempts
      where class is distinct from 'unsent' and request_id is distinct from room_id || '-tom' group by room_id`,
  );
  return new Map(rows.map(({ room_id, attempts }) => [room_id, attempts]));
}

async function lettersOf(stage: Stage): Promise<string[]> {
  const rows = await stage.sql<{ at: string }>(
    `select kafka_partition || ' ' || kafka_offset as at from dead_letters`,
  );
  return rows.map(({ at }) => at);
}
