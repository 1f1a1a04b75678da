import { randomUUID } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { CallPlaces } from '../commands/ports.js';
import type { CallKind, Claim, Claimed, Intent, KnownRequest, RoomKey, Slot } from '../commands/ports.js';
import { AppSettings } from '../config/app-settings.js';
import type { Settings } from '../config/settings.js';
import { Database, isObstructed, isUniqueViolation } from './database.js';
import { DatabaseClock } from './database-clock.js';
import { Gate, graceOf } from './gate.js';
import type { Admission, Door, Grant, Granted, Reserve } from './gate.js';
import { knownRequests } from './known-requests.js';
import { requestRow } from './settlement-row.js';
import { claimReadStatement, claimStatement } from './statements/claim.js';

/** Tencent gives a call up after this time; until then it may still take effect. */
const tencentLimitMs = 3000;
/** Tencent's reads may lag behind its writes by so much (assumed; not documented). */
const readLagMs = 2000;

interface Applied {
  readonly intent: Intent;
  readonly nonce: string;
  /** The draw was spent for this request although no slot was left for it. */
  drawn: boolean;
}

interface Row {
  readonly next_at: number;
  readonly now_at: number;
  readonly ord: number;
  readonly slot_at: number | null;
  readonly drawn: boolean;
  readonly result: 'claimed' | 'taken' | 'rival' | 'spent' | 'no slot';
}

/** Slots with claims, for the calls and for the reads of one application. */
@Injectable()
export class Claims {
  private readonly calls: Gate<Applied, Row['result']>;
  private readonly reads: Gate<{ room: RoomKey; nonce: string; purpose: string }, Row['result']>;
  /** Microseconds between two slots: after 201 of them more than a second has passed, even if each call strays by J. */
  private readonly spacing: number;
  private readonly settings: Settings['tencent'];
  private readonly graceMs: number;
  /** Names this process in the attempts. */
  private readonly instanceId = `${process.pid}-${randomUUID().slice(0, 8)}`;

  constructor(
    private readonly database: Database,
    clock: DatabaseClock,
    { tencent }: AppSettings,
    places: CallPlaces,
  ) {
    this.settings = tencent;
    this.spacing = Math.ceil((1_000_000 + tencent.jitterAllowanceMs * 1000) / tencent.callsPerSecond) + 1;
    this.graceMs = graceOf(tencent.jitterAllowanceMs);
    this.calls = new Gate(clock, this.reserveCalls(), doorOf(places, 'call'), this.graceMs);
    this.reads = new Gate(clock, this.reserveReads(), doorOf(places, 'read'), this.graceMs);
  }

  async claim(intent: Intent, signal: AbortSignal): Promise<Claimed> {
    const { request } = intent;
    const applied: Applied = { intent, nonce: randomUUID(), drawn: false };
    const admission = await this.calls.apply(applied, {
      room: request.roomId,
      deadline: request.deadline,
      signal,
    });
    if (admission === 'aborted') return { kind: 'aborted' };
    const { result, slot } = admission;
    if (result === 'claimed' && slot) return { kind: 'claimed', claim: this.claimOf(applied, slot) };
    if (result === 'rival') return { kind: 'rival' };
    const found = await this.lookWhoseItIs(applied);
    return result === 'spent' && found.kind === 'rival' ? { kind: 'spent' } : found;
  }

  async claimRead(
    room: RoomKey,
    purpose: 'read-back',
    signal: AbortSignal,
  ): Promise<{ nonce: string; slot: Slot } | 'aborted'> {
    const nonce = randomUUID();
    const admission: Admission<Row['result']> = await this.reads.apply(
      { room, nonce, purpose },
      { room: room.roomId, deadline: Infinity, signal },
    );
    return admission === 'aborted' || !admission.slot ? 'aborted' : { nonce, slot: admission.slot };
  }

  /**
   * A claim that was not taken met this request's own row, or a rival's open claim; only a later statement can see which.
   * It may be this very claim: the answer to its commit was lost, and the statement was repeated. Then its slot is past,
   * and nothing was sent under it.
   */
  private async lookWhoseItIs(applied: Applied): Promise<Claimed> {
    const [known = null] = await knownRequests(this.database, [applied.intent.request]);
    if (isOpen(known) && known.claim.nonce === applied.nonce)
      return { kind: 'claimed', claim: { ...known.claim, slot: pastSlot(known.claim.slotAt) } };
    return { kind: applied.intent.prior || known ? 'known' : 'rival' };
  }

  private claimOf({ intent: { call, prior }, nonce }: Applied, slot: Slot): Claim {
    const quietAt = slot.at + this.graceMs + this.quietMs;
    return {
      attempt: attemptOf(prior),
      nonce,
      call,
      slot,
      slotAt: slot.at,
      quietAt,
      answers: prior?.claim.answers ?? [],
    };
  }

  /** From the last moment at which a call may leave until nothing of it can take effect and every read shows it. */
  private get quietMs(): number {
    return this.settings.timeoutMs + tencentLimitMs + readLagMs;
  }

  private reserveCalls(): Reserve<Applied, Row['result']> {
    const connection = this.database.dedicated('calls');
    const reserve: Reserve<Applied, Row['result']> = async (items, bounds) => {
      const rest = [...this.budget(bounds), this.graceMs * 1000, this.quietMs * 1000, this.instanceId];
      const values = [JSON.stringify(items.map(rowOf)), this.settings.sdkAppId, 'pick_user_on_seat', ...rest];
      const rows = await this.database.run<Row>(claimStatement, values, {
        pool: connection,
        obstructed: 'throw',
      });
      for (const row of rows)
        if (row.drawn && row.result === 'no slot') (items[row.ord] as Applied).drawn = true;
      return grantOf(rows);
    };
    return (items, bounds) => aloneAmongRivals(items, (some) => reserve(some, bounds));
  }

  private reserveReads(): Reserve<{ room: RoomKey; nonce: string; purpose: string }, Row['result']> {
    const connection = this.database.dedicated('reads');
    return async (items, bounds) => {
      const list = items.map(({ room, nonce, purpose }, ord) => ({
        ord,
        sdk_app_id: room.sdkAppId,
        room_id: room.roomId,
        nonce,
        purpose,
      }));
      const values = [
        JSON.stringify(list),
        this.settings.sdkAppId,
        'get_seat_list',
        ...this.budget(bounds),
        this.instanceId,
      ];
      return grantOf(await this.database.run<Row>(claimReadStatement, values, { pool: connection }));
    };
  }

  private budget({ leadMs, aheadMs }: { leadMs: number; aheadMs: number }): number[] {
    return [this.spacing, Math.round(leadMs * 1000), Math.round(aheadMs * 1000)];
  }
}

function doorOf(places: CallPlaces, kind: CallKind): Door {
  return { free: () => places.free(kind), freed: () => places.freed() };
}

function isOpen(known: KnownRequest | null): known is KnownRequest & { state: 'claimed' } {
  return known?.state === 'claimed';
}

/** A slot that was missed before it could be used. */
function pastSlot(at: number): Slot {
  return { at, sendBy: at, monotonicAt: -Infinity, monotonicSendBy: -Infinity };
}

/**
 * A claim that is repeated is an update, and a rival's open claim makes that an error of the whole statement; so does a
 * row that somebody else keeps locked. Then each goes alone, and the one that still fails looks again as one with a rival.
 */
async function aloneAmongRivals(
  items: readonly Applied[],
  reserve: (items: readonly Applied[]) => Promise<Grant<Row['result']>>,
): Promise<Grant<Row['result']>> {
  try {
    return await reserve(items);
  } catch (error) {
    if (!isUniqueViolation(error) && !isObstructed(error)) throw error;
  }
  if (items.length === 1) return { results: [{ result: 'rival', at: null }], nextAt: 0, nowAt: null };
  const grants: Grant<Row['result']>[] = [];
  for (const item of items) grants.push(await aloneAmongRivals([item], reserve));
  return {
    results: grants.flatMap(({ results }) => results),
    nextAt: Math.max(...grants.map(({ nextAt }) => nextAt)),
    nowAt: grants.map(({ nowAt }) => nowAt).findLast((nowAt) => nowAt !== null) ?? null,
  };
}

function attemptOf(prior: Intent['prior']): number {
  if (!prior) return 1;
  return prior.unsent ? prior.claim.attempt : prior.claim.attempt + 1;
}

function rowOf({ intent: { request, call, prior, sample }, nonce, drawn }: Applied, ord: number) {
  const tested = sample && !drawn;
  return {
    ord,
    ...requestRow(request),
    call,
    answers: prior?.claim.answers ?? [],
    attempt: attemptOf(prior),
    nonce,
    prior: prior?.claim.nonce ?? null,
    purpose: sample ? 'audit' : 'settle',
    sample: tested ? sample : null,
  };
}

function grantOf(rows: readonly Row[]): Grant<Row['result']> {
  const results: (Granted<Row['result']> | null)[] = [];
  for (const { ord, result, slot_at } of rows)
    results[ord] = result === 'no slot' ? null : { result, at: slot_at };
  const [first] = rows;
  return { results, nextAt: first?.next_at ?? 0, nowAt: first?.now_at ?? null };
}
