import type { DeadLetter, DeadLetterRecords } from '../../src/commands/ports.js';

/** Dead letters, and eyes behind them: as they lie there, in the order of their offsets. */
export interface DeadLettersUnderTest {
  readonly records: DeadLetterRecords;
  readonly kept: () => Promise<readonly DeadLetter[]>;
}

/** A message that is no JSON, with bytes that are no text. */
export function aDeadLetter(changes: Partial<DeadLetter> = {}): DeadLetter {
  return {
    topic: 'seat.requests',
    partition: 3,
    offset: '9007199254740993',
    reason: 'not-json',
    detail: 'Unexpected token at 0 \u{1f600}',
    key: Buffer.from('room-test'),
    value: Buffer.from([0x7b, 0x00, 0xff, 0xed, 0xa0, 0x80]),
    headers: [
      { key: 'traceparent', value: Buffer.from('00-a-b-01') },
      { key: 'traceparent', value: Buffer.from([0x00, 0xff]) },
    ],
    seenAt: 1_764_000_000_123,
    ...changes,
  };
}

/** What every `DeadLetterRecords` does. */
export function deadLetterRecordsContract(open: () => Promise<DeadLettersUnderTest>): void {
  it('keeps every byte of key, value and headers', async () => {
    const { records, kept } = await open();
    await records.record(aDeadLetter());
    expect(await kept()).toEqual([aDeadLetter()]);
  });

  it('keeps a message without key, value and headers', async () => {
    const { records, kept } = await open();
    const tombstone = aDeadLetter({ reason: 'empty', key: null, value: null, headers: [] });
    await records.record(tombstone);
    expect(await kept()).toEqual([tombstone]);
  });

  it('keeps the first of two letters from one place, also when both come at once', async () => {
    const { records, kept } = await open();
    await records.record(aDeadLetter());
    const later = [aDeadLetter({ detail: 'again' }), aDeadLetter({ detail: 'and again' })];
    await Promise.all(later.map((letter) => records.record(letter)));
    expect(await kept()).toEqual([aDeadLetter()]);
  });

  it('tells letters from different topics, partitions and offsets apart', async () => {
    const { records, kept } = await open();
    const letters = [
      aDeadLetter({ offset: '1' }),
      aDeadLetter({ offset: '2' }),
      aDeadLetter({ offset: '3', partition: 4 }),
      aDeadLetter({ offset: '4', topic: 'other' }),
    ];
    for (const letter of letters) await records.record(letter);
    expect(await kept()).toEqual(letters);
  });
}
