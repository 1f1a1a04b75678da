import type { OutcomePublisher } from '../../src/commands/ports.js';
import { predictedRejection } from '../kafka/outcomes.js';
import { goodPick, readPick } from '../kafka/records.js';

/** One published record, as a consumer of the topic sees it. */
interface SeenRecord {
  readonly key: string | null;
  readonly value: string | null;
  readonly headers: Readonly<Record<string, string>>;
}

/** A publisher, and the eyes of a consumer behind it. */
export interface PublisherUnderTest {
  readonly publisher: OutcomePublisher;
  /** All records so far in order, once there are at least so many. */
  readonly seen: (count: number) => Promise<readonly SeenRecord[]>;
}

/** What every `OutcomePublisher` does. */
export function outcomePublisherContract(open: () => Promise<PublisherUnderTest>): void {
  const outcomeOf = (requestId: string, roomId = 'room-test') =>
    predictedRejection({ request: readPick({ ...goodPick, requestId, roomId }) });

  it('encodes the same outcome to the same bytes', async () => {
    const { publisher } = await open();
    const [one, other] = [publisher.encode(outcomeOf('a')), publisher.encode(outcomeOf('a'))];
    expect(one).toEqual(other);
  });

  it('publishes the stored bytes under the room, with their headers', async () => {
    const { publisher, seen } = await open();
    const message = publisher.encode(outcomeOf('a', 'raum-\u{1f600}'));
    await publisher.publish(message);
    const [record] = await seen(1);
    expect(record).toEqual({
      key: 'raum-\u{1f600}',
      value: message.value.toString(),
      headers: JSON.parse(message.headers.toString()) as object,
    });
  });

  it('keeps the order of calls', async () => {
    const { publisher, seen } = await open();
    const ids = Array.from({ length: 1_200 }, (_, i) => `o-${i}`);
    await Promise.all(ids.map((id) => publisher.publish(publisher.encode(outcomeOf(id)))));
    const records = await seen(ids.length);
    expect(records.map(({ value }) => (JSON.parse(value ?? '') as { requestId: string }).requestId)).toEqual(
      ids,
    );
  });

  it('publishes a copy that differs in nothing', async () => {
    const { publisher, seen } = await open();
    const message = publisher.encode(outcomeOf('a'));
    await publisher.publish(message);
    await publisher.publish({
      ...message,
      value: Buffer.from(message.value),
      headers: Buffer.from(message.headers),
    });
    const [first, copy] = await seen(2);
    expect(copy).toEqual(first);
  });
}
