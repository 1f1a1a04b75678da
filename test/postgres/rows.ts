import type pg from 'pg';

/** One row, column by column; what is not named is left to the table. */
export type Row = Readonly<Record<string, unknown>>;

/** Inserts one row into a table. Objects go to `jsonb` columns as they are. */
export async function insert(client: pg.ClientBase, table: string, row: Row): Promise<void> {
  const columns = Object.keys(row);
  const places = columns.map((_, n) => `$${n + 1}`);
  await client.query(
    `INSERT INTO ${table} (${columns.join(', ')}) VALUES (${places.join(', ')})`,
    Object.values(row),
  );
}

/** A claimed request, whole; `over` replaces what the test is about. */
export function claimedRequest(over: Row = {}): Row {
  const now = new Date();
  return {
    sdk_app_id: 1,
    request_id: 'r1',
    digest: 'd',
    state: 'claimed',
    received_at: now,
    room_id: 'room-test',
    seat_index: 1,
    member_account: 'user2',
    attempt: 1,
    nonce: '00000000-0000-4000-8000-000000000001',
    call: {},
    slot_at: now,
    send_by: now,
    quiet_at: now,
    ...over,
  };
}

/** A pick that Tencent refused after one call; `over` replaces what the test is about. */
export function historyRow(over: Row & { readonly received_at: Date }): Row {
  const at = over.received_at.getTime();
  return {
    sdk_app_id: 1,
    request_id: 'r1',
    room_id: 'room-test',
    type: 'pick',
    member_account: 'user2',
    requested_index: 1,
    priority: 'normal',
    requested_at: new Date(at - 5),
    deadline: new Date(at + 30_000),
    metadata: {},
    status: 'rejected',
    reason: 'seat-occupied',
    advice: 'choose-another-seat',
    code: 100210,
    message: 'seat 1 is held by user7',
    decided_by: 'tencent',
    seat_index: 1,
    attempts: 1,
    wait_rival_ms: 0,
    wait_budget_ms: 12.5,
    wait_retry_ms: 0,
    call_ms: 20,
    settled_at: new Date(at + 40),
    kafka_partition: 0,
    kafka_offset: 7,
    value: Buffer.from('{}'),
    headers: Buffer.from('{}'),
    ...over,
  };
}

/** An answered call of the same request; `over` replaces what the test is about. */
export function attemptRow(over: Row & { readonly slot_at: Date }): Row {
  return {
    nonce: crypto.randomUUID(),
    sdk_app_id: 1,
    request_id: 'r1',
    room_id: 'room-test',
    purpose: 'settle',
    command: 'pick_user_on_seat',
    attempt: 1,
    instance_id: 'one',
    sent_at: over.slot_at,
    answered_at: new Date(over.slot_at.getTime() + 20),
    http_status: 200,
    code: 100210,
    class: 'refused',
    message: 'seat occupied',
    tencent_request_id: 'tencent-1',
    ...over,
  };
}
