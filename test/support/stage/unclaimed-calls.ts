import type { Stage } from './stage.js';

/** A call reaches the twin so long after its slot at the most, and clocks differ by so much. Milliseconds. */
const onTheWay = 2000;
const clocksDiffer = 20;

/** Calls at the twin that no committed claim covers: each claim, a row of the attempts, covers the one call of its slot. */
export async function unclaimedCalls(stage: Stage): Promise<string[]> {
  const claims = await stage.sql<{ what: string; slot_at: Date }>(
    `select concat_ws(' ', a.command, a.room_id, r.member_account) as what, a.slot_at
       from attempts as a left join seat_requests as r using (sdk_app_id, request_id) order by a.slot_at`,
  );
  const unclaimed: string[] = [];
  for (const { command, body, arrivedAt } of await stage.twin.calls()) {
    const { RoomId, Member_Account } = body as { RoomId: string; Member_Account?: string };
    const what = [command?.split('/')[1], RoomId, Member_Account].filter(Boolean).join(' ');
    const covering = claims.findIndex(
      (claim) =>
        claim.what === what &&
        claim.slot_at.getTime() <= arrivedAt + clocksDiffer &&
        claim.slot_at.getTime() >= arrivedAt - onTheWay,
    );
    if (covering < 0) unclaimed.push(`${what} at ${new Date(arrivedAt).toISOString()}`);
    else claims.splice(covering, 1);
  }
  return unclaimed;
}
