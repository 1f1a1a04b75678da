import type { TopicMessage } from '../history.js';
import { breach } from './breach.js';
import type { Breach } from './breach.js';
import type { Ledger } from './ledger.js';
import type { Outcome } from './read-outcome.js';

/** P1: "every copy byte-identical (value and headers) and under the same event id", and the recorded bytes are the published ones. */
export function judgeCopies(ledger: Ledger): Breach[] {
  const found: Breach[] = [];
  const owners = new Map<string, string>();
  for (const outcome of ledger.outcomes.values()) {
    const { requestId, copies } = outcome;
    const told = (what: string): void => {
      const ask = ledger.asksById.get(requestId)?.[0] ?? null;
      found.push({ ...breach('P1', what, { requestId, at: copies[0].timestamp }), ask });
    };
    for (const copy of copies.slice(1))
      for (const what of differences(copies[0], copy)) told(`two copies of the outcome differ in ${what}`);
    for (const what of identityFaults(outcome, owners)) told(what);
    for (const row of ledger.rows.get(requestId) ?? []) {
      if (!row.value.equals(copies[0].value ?? Buffer.alloc(0)))
        told('the recorded value is not the published one');
      if (!sameHeaders(row.headers, copies[0])) told('the recorded headers are not the published ones');
    }
  }
  return found;
}

/** What two messages differ in, in words. */
export function differences(one: TopicMessage, other: TopicMessage): string[] {
  const names = new Set([...Object.keys(one.headers), ...Object.keys(other.headers)]);
  const headers = [...names].filter(
    (name) => !sameBytes(one.headers[name] ?? null, other.headers[name] ?? null),
  );
  return [
    ...(sameBytes(one.key, other.key) ? [] : ['the key']),
    ...(sameBytes(one.value, other.value) ? [] : ['the value']),
    ...headers.map((name) => `the header ${name}`),
  ];
}

function identityFaults(
  { requestId, outcomeId, roomId, copies }: Outcome,
  owners: Map<string, string>,
): string[] {
  const [{ headers, key }] = copies;
  const faults: string[] = [];
  const eventId = headers['ce_id']?.toString() ?? '';
  const owner = owners.get(eventId) ?? requestId;
  owners.set(eventId, owner);
  if (eventId === '' || eventId !== outcomeId) faults.push(`the event id (${eventId}) is not the outcomeId`);
  if (owner !== requestId) faults.push(`the event id is also that of request ${owner}`);
  if (key?.toString() !== roomId) faults.push('the key is not the room');
  return faults;
}

function sameHeaders(recorded: Buffer, { headers }: TopicMessage): boolean {
  const stored = JSON.parse(recorded.toString()) as Record<string, unknown>;
  const names = Object.keys(stored);
  return (
    names.length === Object.keys(headers).length &&
    names.every((name) => headers[name]?.toString() === stored[name])
  );
}

function sameBytes(one: Buffer | null, other: Buffer | null): boolean {
  return one === null || other === null ? one === other : one.equals(other);
}
