import { createRequire } from 'node:module';
import { patchKafkajs } from '../../src/kafka/kafkajs.patch.js';

interface Queue {
  pending: unknown[];
  inflight: Map<number, unknown>;
  maxInFlightRequests: number;
  throttledUntil: number;
  throttleCheckTimeoutId: NodeJS.Timeout | null;
  push(request: object): void;
  fulfillRequest(response: object): void;
  destroy(): void;
}

const require = createRequire(import.meta.url);
const quiet = { debug: () => undefined, warn: () => undefined };
const newQueue = (): Queue => {
  const RequestQueue = require('kafkajs/src/network/requestQueue') as new (options: object) => Queue;
  return new RequestQueue({
    maxInFlightRequests: 1,
    requestTimeout: 1_000,
    clientId: 'c',
    broker: 'b',
    logger: quiet,
  });
};
const requestOf = (correlationId: number, sent: number[]): object => ({
  entry: { correlationId, resolve: () => undefined, reject: () => undefined },
  expectResponse: true,
  sendRequest: () => sent.push(correlationId),
});
const answer = (correlationId: number): object => ({ correlationId, payload: Buffer.alloc(0), size: 0 });

describe('the patch against the idle spin of kafkajs', () => {
  it('is in place for the installed version', () => {
    expect(patchKafkajs()).toBe(true);
  });

  it('leaves no timer behind when nothing waits', () => {
    patchKafkajs();
    const queue = newQueue();
    const sent: number[] = [];
    queue.push(requestOf(1, sent));
    queue.fulfillRequest(answer(1));
    expect([sent, queue.throttleCheckTimeoutId]).toEqual([[1], null]);
  });

  it('still sends what had to wait for its turn', () => {
    patchKafkajs();
    const queue = newQueue();
    const sent: number[] = [];
    [1, 2].forEach((id) => {
      queue.push(requestOf(id, sent));
    });
    expect(queue.throttleCheckTimeoutId).not.toBeNull();
    queue.fulfillRequest(answer(1));
    expect(sent).toEqual([1, 2]);
    queue.destroy();
  });

  it('still sends what a throttled connection held back', async () => {
    patchKafkajs();
    const queue = newQueue();
    const sent: number[] = [];
    queue.throttledUntil = Date.now() + 30;
    await new Promise<void>((resolve) => {
      queue.push({
        ...requestOf(1, sent),
        sendRequest: () => {
          expect(Date.now()).toBeGreaterThanOrEqual(queue.throttledUntil);
          resolve();
        },
      });
      expect(queue.pending).toHaveLength(1);
    });
    queue.destroy();
  });
});
