import { Injectable } from '@nestjs/common';
import { neverTold } from '../seating/answer.js';
import type { Answer, SentAnswer } from '../seating/answer.js';
import { conclude } from '../seating/conclude.js';
import type { Decision, Rule } from '../seating/decision.js';
import { expired } from '../seating/expired.js';
import type { SeatRequest } from '../seating/seat-request.js';
import { Case } from './case.js';
import { Lanes } from './lanes.js';
import { Clock, OutcomePublisher, RoomEngine, SeatRecords } from './ports.js';
import type { Claim, KnownRequest, OpenClaim, RecordedOutcome, Settlement } from './ports.js';
import { ReadBacks } from './read-backs.js';
import { Stopped } from './stopped.js';

/** What became of a message: its outcome is published, or its id was used before for something else. */
export type Settled = 'settled' | 'id-reused';

/** How often to look whether another instance got on: a rival's claim there, or this request's own. */
const lookAgainMs = 200;

/** A slot lies at most so far behind the commit of its claim (lead and look-ahead of the gate, and a little). */
const slotAheadMs = 100;

/**
 * The way of one request to its one outcome. This is the only place that orders the steps. Null means throughout that
 * another owner was faster: look again from the start.
 */
@Injectable()
export class SettleRequest {
  private readonly readBacks: ReadBacks;

  constructor(
    private readonly lanes: Lanes,
    private readonly records: SeatRecords,
    private readonly engine: RoomEngine,
    private readonly outcomes: OutcomePublisher,
    private readonly clock: Clock,
  ) {
    this.readBacks = new ReadBacks(records, engine, clock);
  }

  /** Takes the request's place in its lane before anything else, so call it in topic order. Rejects with `Stopped` on a stop. */
  async settle(request: SeatRequest, rule: Rule): Promise<Settled> {
    const place = this.lanes.enter(request);
    try {
      const outcome = await this.reach(new Case(request, place, this.clock), rule);
      if (outcome === 'reused') return 'id-reused';
      place.leave();
      await this.outcomes.publish(outcome.message); //                                              7 publish
      this.records.notePublished(request, outcome, this.clock.now());
      return 'settled';
    } finally {
      place.leave();
    }
  }

  private async reach(kase: Case, rule: Rule): Promise<RecordedOutcome | 'reused'> {
    for (;;) {
      const known = await this.records.find(kase.request); //                               1 known already?
      if (known?.state === 'reused') return 'reused';
      if (known?.state === 'settled') return known;
      const outcome = known ? await this.resume(kase, known) : await this.begin(kase, rule);
      if (outcome) return outcome;
    }
  }

  private async begin(kase: Case, rule: Rule): Promise<RecordedOutcome | null> {
    const { request, place } = kase;
    for (;;) {
      const decision = await this.decide(kase, rule); //                                    2 the rule decides
      if (decision.kind === 'settle') {
        place.pass();
        const settlement = kase.settlement(decision.ending, this.outcomes);
        const recorded = await this.records.record(settlement, decision.premise); //        6 record
        if (recorded === 'recorded') return settled(settlement);
        place.hold();
        if (recorded === 'known') return null;
      } else if (place.isFirst()) {
        const intent = { request, call: decision.call, prior: null, sample: decision.sample?.fact ?? null };
        const claimed = await kase.timed('budgetMs', this.records.claim(intent, place.signal)); // 3 slot + claim
        if (claimed.kind === 'claimed') return this.call(kase, claimed.claim);
        if (claimed.kind === 'known') return null;
        if (claimed.kind === 'rival') await kase.timed('rivalMs', this.wait(lookAgainMs));
      } else {
        await kase.timed('rivalMs', place.first());
      }
    }
  }

  private async decide(kase: Case, rule: Rule): Promise<Decision> {
    const sight = await kase.timed('rivalMs', kase.place.turn());
    const decision: Decision = sight ? rule(sight) : { kind: 'settle', ending: expired(), premise: null };
    kase.predicted = decision.kind === 'call' ? (decision.sample?.reason ?? null) : null;
    return decision;
  }

  private async call(kase: Case, claim: Claim): Promise<RecordedOutcome | null> {
    const answer = await kase.timed('callMs', this.engine.call(claim.call, claim.slot)); //  4 call at its slot
    if (answer.kind === 'later' && answer.pause)
      await this.records.slowDown(claim.call.sdkAppId, answer.waitMs);
    if (answer.kind === 'unknown' || answer.kind === 'unsent') await this.records.noteAnswer(claim, answer);
    if (answer.kind !== 'unsent') kase.told(claim, answer, claim.slot.monotonicAt);
    return this.finish(kase, claim, answer);
  }

  /** `answer`: what this owner's call under the claim was answered with; null when another owner made the call. */
  private async finish(kase: Case, claim: OpenClaim, answer: Answer | null): Promise<RecordedOutcome | null> {
    for (;;) {
      const conclusion = conclude(kase.history(claim.call)); //                             5 conclude
      switch (conclusion.kind) {
        case 'settle': {
          const settlement = kase.settlement(conclusion.ending, this.outcomes);
          const recorded = await this.records.settle(claim, settlement, tellsTheMirror(answer)); // 6 record
          return recorded === 'recorded' ? settled(settlement) : null;
        }
        case 'read': {
          await kase.timed('retryMs', this.wait(conclusion.notBefore - this.clock.now()));
          await this.readBack(kase, claim);
          break;
        }
        case 'repeat':
          return this.repeat(kase, claim, answer, conclusion.notBefore);
      }
    }
  }

  private async readBack(kase: Case, { call }: OpenClaim): Promise<void> {
    const asked = kase.beginRead();
    const { stopped } = this.lanes;
    const reading = await kase.timed('retryMs', this.readBacks.read(call, asked.withinMs, stopped));
    this.refuseWhenStopped();
    if (reading.kind !== 'unsent') asked.found(reading);
  }

  private async repeat(
    kase: Case,
    claim: OpenClaim,
    answer: Answer | null,
    notBefore: number,
  ): Promise<RecordedOutcome | null> {
    const { request, place } = kase;
    const released = answer?.kind === 'later' ? await this.records.release(claim, request, answer) : claim;
    if (released === 'lost') return null;
    const unsent = answer?.kind === 'unsent';
    try {
      await kase.timed('retryMs', this.wait(notBefore - this.clock.now(), place.signal));
      return await this.claimAgain(kase, { ...released, answers: kase.answers }, unsent);
    } catch (error) {
      // A successor need not wait out a call that never left.
      if (unsent && error instanceof Stopped) await this.records.release(released, request, 'unsent');
      throw error;
    }
  }

  private async claimAgain(kase: Case, claim: OpenClaim, unsent: boolean): Promise<RecordedOutcome | null> {
    const intent = { request: kase.request, call: claim.call, prior: { claim, unsent }, sample: null };
    for (;;) {
      const claimed = await kase.timed('budgetMs', this.records.claim(intent, kase.place.signal)); // 3 again
      if (claimed.kind === 'claimed') return this.call(kase, claimed.claim);
      this.refuseWhenStopped();
      if (claimed.kind === 'aborted') {
        kase.isLate = true;
        return this.finish(kase, claim, null);
      }
      if (claimed.kind !== 'rival') return null;
      await kase.timed('rivalMs', this.wait(lookAgainMs));
    }
  }

  /** Somebody's claim stands: whoever is still at it may finish until nothing of the call can take effect; then we do. */
  private async resume(
    kase: Case,
    known: KnownRequest & { claim: OpenClaim },
  ): Promise<RecordedOutcome | null> {
    const { claim, state } = known;
    kase.takeOver(claim);
    if (state === 'released') return this.finish(kase, claim, null);
    // On our own clock from first sight, so that a step of the database's can neither erase nor stretch it.
    const slotAt = this.clock.monotonic() + slotAheadMs;
    const quietAt = slotAt + claim.quietAt - claim.slotAt;
    while (this.clock.monotonic() < quietAt) {
      await kase.timed('retryMs', this.wait(Math.min(lookAgainMs, quietAt - this.clock.monotonic())));
      const now = await this.records.find(kase.request);
      if (now?.state !== 'claimed' || now.claim.nonce !== claim.nonce) return null;
    }
    kase.told(claim, neverTold(claim.slotAt), slotAt);
    return this.finish(kase, claim, null);
  }

  /** Waits for so long, or until the signal aborts. */
  private async wait(ms: number, signal: AbortSignal = this.lanes.stopped): Promise<void> {
    if (ms > 0) await this.clock.wait(ms, signal);
    this.refuseWhenStopped();
  }

  private refuseWhenStopped(): void {
    if (this.lanes.stopped.aborted) throw new Stopped('Settling a request');
  }
}

function settled({ request, message }: Settlement): RecordedOutcome {
  return { message, receivedAt: request.receivedAt };
}

function tellsTheMirror(answer: Answer | null): SentAnswer | null {
  return answer?.kind === 'done' || answer?.kind === 'refused' ? answer : null;
}
