import { Controller, Get } from '@nestjs/common';
import { Clock, Vitals } from '../commands/ports.js';
import type { Vital } from '../commands/ports.js';
import { Problem } from './problem.js';

/** A part that did not get on with its work for so long is stuck, and a restart is the cure. */
const STUCK_AFTER_MS = 60_000;
/** Whoever asks gives up soon: a part that does not answer in time is not ready. */
const READY_WITHIN_MS = 2_000;

/** For those who start, stop and route to instances. That Tencent is down fails neither: it would not help to restart. */
@Controller('health')
export class HealthController {
  constructor(
    private readonly vitals: Vitals,
    private readonly clock: Clock,
  ) {}

  /** 200 while every part gets on with its work, else 503. */
  @Get('live')
  live(): { status: 'live' } {
    const now = this.clock.monotonic();
    refuseIfAny(
      'stuck: restart this instance',
      this.vitals.all.map((vital) => [vital.name, stuck(vital, now)]),
    );
    return { status: 'live' };
  }

  /** 200 once every part is ready for work, else 503 with what is missing. */
  @Get('ready')
  async ready(): Promise<{ status: 'ready' }> {
    const answers = this.vitals.all.map(async (vital): Promise<Complaint> => [
      vital.name,
      await missing(vital),
    ]);
    refuseIfAny('not ready', await Promise.all(answers));
    return { status: 'ready' };
  }
}

/** A part, and what is wrong with it, if anything. */
type Complaint = readonly [part: string, what: string | null];

function refuseIfAny(detail: string, complaints: readonly Complaint[]): void {
  const real = complaints.flatMap(([part, what]) => (what === null ? [] : [[part, what] as const]));
  if (real.length > 0) throw new Problem(503, detail, Object.fromEntries(real));
}

function stuck(vital: Vital, now: number): string | null {
  const last = vital.lastProgress();
  if (last === null || now - last <= STUCK_AFTER_MS) return null;
  return `no progress for ${Math.round((now - last) / 1_000)} s`;
}

async function missing(vital: Vital): Promise<string | null> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<string>((resolve) => {
    timer = setTimeout(resolve, READY_WITHIN_MS, `no answer within ${READY_WITHIN_MS / 1_000} s`);
  });
  // Why it failed is for the log of the part itself: this answer is read by strangers.
  const answer = vital.ready().catch(() => 'the check failed');
  return Promise.race([answer, late]).finally(() => {
    clearTimeout(timer);
  });
}
