import { RequestIntake } from '../../src/kafka/request.intake.js';
import type { SeatRequest } from '../../src/seating/seat-request.js';

/** A story that settles requests when it is told to. */
export class FakeRequestIntake extends RequestIntake {
  readonly taken: SeatRequest[] = [];
  /** What becomes of requests at once; null leaves them open until `settle` or `fail`. */
  answer: 'settled' | 'id-reused' | null = 'settled';
  private readonly open: { settle: () => void; fail: (error: Error) => void }[] = [];

  override take(request: SeatRequest): Promise<'settled' | 'id-reused'> {
    this.taken.push(request);
    if (this.answer !== null) return Promise.resolve(this.answer);
    return new Promise((resolve, reject) => {
      this.open.push({
        settle: () => {
          resolve('settled');
        },
        fail: reject,
      });
    });
  }

  /** The ids taken so far, in order. */
  ids(): string[] {
    return this.taken.map(({ requestId }) => requestId);
  }

  /** Settles the n oldest open requests. */
  settle(count = this.open.length): void {
    for (const { settle } of this.open.splice(0, count)) settle();
  }

  fail(error: Error): void {
    for (const { fail } of this.open.splice(0)) fail(error);
  }
}
