import type { Message } from '../../../../sandbox/chaos/load/message.js';
import { pickMessage } from '../../../../sandbox/chaos/load/message.js';
import { invalidMessage, repeated, unreadableMessage } from '../../../../sandbox/chaos/load/odd-messages.js';
import { Chance } from '../../../../sandbox/parts/chance.js';
import { readMessage } from '../../../../src/kafka/seat-request.message.js';

const pick = { roomId: 'r1', memberAccount: 'm1', index: 3 };
const rules = { sdkAppId: 7, ttlMs: 1000, maxTtlMs: 1000, idRetentionDays: 1, maxBytes: 65_536 };

/** As the service reads it. */
function read({ key, value }: Message) {
  const record = {
    topic: 't',
    partition: 0,
    offset: '0',
    key: key === null ? null : Buffer.from(key),
    value,
    headers: {},
    appendedAt: Date.now(),
  };
  return readMessage(record, Date.now(), rules);
}

const draws = Array.from({ length: 100 }, (_, seed) => new Chance(seed));

describe('odd messages of the load', () => {
  it('cannot be read as a request, each in its way, and nobody waits for them', () => {
    const reasons = draws.map((chance) => {
      const message = unreadableMessage(chance, pick, 'id');
      expect(message.awaits).toBeNull();
      const reading = read(message);
      return reading.kind === 'dead-letter' ? reading.reason : 'read';
    });
    expect(new Set(reasons)).toEqual(
      new Set(['not-json', 'empty', 'identity', 'schema-registry-framing', 'key-mismatch', 'too-large']),
    );
  });

  it('are invalid in a way that the sender can be told', () => {
    for (const chance of draws) {
      const message = invalidMessage(chance, pick, 'id');
      const reading = read(message);
      expect(reading.kind === 'request' && reading.request.type).toBe('invalid');
      expect(message.awaits).toBe('id');
    }
  });

  it('repeat a request in other words', () => {
    const original = pickMessage('id', pick, { priority: 'high' });
    const texts = new Set<string>();
    for (const chance of draws) {
      const again = repeated(chance, original);
      texts.add(String(again.value));
      const [one, other] = [read(original), read(again)];
      expect(other.kind === 'request' && other.request.digest).toBe(
        one.kind === 'request' && one.request.digest,
      );
    }
    expect(texts.size).toBe(2);
  });
});
