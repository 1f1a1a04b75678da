import type { CallRecord } from '../../twin/journal.js';
import { allowances } from './allowances.js';
import type { Ask } from './ask.js';
import { breachOf } from './breach.js';
import type { Breach } from './breach.js';
import { toldOf } from './codes.js';
import type { Ledger } from './ledger.js';
import { slotBefore } from './pairing.js';

/** P6: "An unknown result … is never guessed and never blindly repeated: the seats are read back first." */
export function judgeRepeats(ledger: Ledger): Breach[] {
  return ledger.asks
    .filter(({ calls, shared, paired }) => calls.length > 1 && !shared && paired.stopped.length === 0)
    .flatMap((ask) =>
      ask.calls.slice(1).flatMap((later, at) => {
        const earlier = ask.calls[at];
        if (!earlier || wasTold(earlier, later, ask, ledger) || wasReadBack(earlier, later, ask, ledger))
          return [];
        const what = `call ${later.n} repeats call ${earlier.n}, whose result was unknown, and the seats were not read back`;
        return [breachOf('P6', ask, what, later.arrivedAt)];
      }),
    );
}

/** The same instance may have heard any definite refusal; of another's it finds only "later" written down. Success is never repeated. */
function wasTold(earlier: CallRecord, later: CallRecord, ask: Ask, { history }: Ledger): boolean {
  const told = toldOf(earlier, history.rules.timeoutMs);
  return told === 'later' || (told === 'refused' && isOneOwner(earlier, later, ask));
}

function isOneOwner(earlier: CallRecord, later: CallRecord, { paired }: Ask): boolean {
  const [one, other] = [earlier, later].map((call) => paired.pairs.find((each) => each.call === call)?.claim);
  return one === undefined || other === undefined || one.instanceId === other.instanceId;
}

/** By the time of the read nothing of the earlier call could still land, and every read showed what had. */
function wasReadBack(earlier: CallRecord, later: CallRecord, ask: Ask, { reads, history }: Ledger): boolean {
  const { tencentLimitMs, stalenessMs, quietMs } = allowances;
  const slot = slotBefore(earlier, ask.claims) ?? earlier.arrivedAt;
  const quietAt = slot + history.rules.timeoutMs + tencentLimitMs + stalenessMs - quietMs;
  return (reads.get(ask.roomId) ?? []).some(
    ({ arrivedAt, answeredAt, answerCode, fault }) =>
      arrivedAt >= quietAt &&
      answeredAt !== null &&
      answeredAt <= later.arrivedAt &&
      answerCode === 0 &&
      fault !== 'fail-status',
  );
}
