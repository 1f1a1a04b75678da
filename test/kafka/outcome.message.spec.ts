import { encodeOutcome, outcomeId, wordOf } from '../../src/kafka/outcome.message.js';
import { predictedRejection, refusedAtIntake } from './outcomes.js';
import { goodPick, readInvalid, readPick } from './records.js';

const bodyOf = (outcome: Parameters<typeof encodeOutcome>[0]): Record<string, unknown> =>
  JSON.parse(encodeOutcome(outcome).value.toString()) as Record<string, unknown>;
const headersOf = (outcome: Parameters<typeof encodeOutcome>[0]): Record<string, unknown> =>
  JSON.parse(encodeOutcome(outcome).headers.toString()) as Record<string, unknown>;

describe('an outcome on the wire', () => {
  it('has the fields of the contract, in its order, additions last', () => {
    expect(encodeOutcome(predictedRejection()).value.toString()).toBe(
      `{"outcomeId":"${outcomeId(1_400_000_000, 'req-1')}","requestId":"req-1","type":"pick","sdkAppId":1400000000,` +
        '"roomId":"room-test","memberAccount":"user2","index":1,"requestedIndex":1,"requestedIndexes":null,"fromIndex":null,"displacedAccount":null,' +
        '"status":"rejected","reason":"seat-occupied","advice":"choose-another-seat","code":100210,' +
        '"message":"seat 1 is held by user7","decidedBy":"mirror",' +
        '"evidence":{"source":"own-call","ageMs":412,"readAt":null,"occupant":"user7"},' +
        '"attempts":0,"tencentRequestId":null,"errors":null,' +
        '"requestedAt":"2026-03-01T12:00:00.000Z","receivedAt":"2026-03-01T12:00:00.250Z",' +
        '"deadline":"2026-03-01T12:00:30.000Z","settledAt":"2026-03-01T12:00:00.300Z",' +
        '"requestedBy":null,"source":null,"correlationId":null,"metadata":{},"predicted":null}',
    );
  });

  it('is a CloudEvent in binary mode, keyed by its room', () => {
    const traceparent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';
    const request = readPick({ ...goodPick, roomId: 'комната' }, { traceparent: Buffer.from(traceparent) });
    const outcome = predictedRejection({ request });
    expect(encodeOutcome(outcome).key).toBe('комната');
    expect(headersOf(outcome)).toEqual({
      ce_specversion: '1.0',
      ce_id: bodyOf(outcome)['outcomeId'],
      ce_type: 'seat.outcome.v1',
      ce_source: '/usher/apps/1400000000',
      ce_subject: 'комната',
      ce_partitionkey: 'комната',
      ce_time: '2026-03-01T12:00:00.300Z',
      'content-type': 'application/json',
      traceparent,
    });
    expect(headersOf(predictedRejection())).not.toHaveProperty('traceparent');
  });

  it('has an id that depends on application and request id alone', () => {
    const again = predictedRejection({
      status: 'done',
      reason: null,
      settledAt: 5,
      request: readPick({ ...goodPick, roomId: 'x' }),
    });
    expect(bodyOf(again)['outcomeId']).toBe(bodyOf(predictedRejection())['outcomeId']);
    expect(outcomeId(1, 'a')).not.toBe(outcomeId(2, 'a'));
    expect(outcomeId(1, 'a')).not.toBe(outcomeId(1, 'b'));
    // Published to others: it must never change.
    expect(outcomeId(1_400_000_000, 'req-1')).toBe('ddd14760-9446-531a-abcb-9b4f3b37d927');
  });

  it('names what an invalid request asked for, and everything wrong with it', () => {
    expect(bodyOf(refusedAtIntake())).toMatchObject({
      type: 'kick',
      index: 1,
      requestedIndex: 1,
      errors: [{ pointer: '/type', detail: 'kick is not supported yet by this version. It supports pick.' }],
      evidence: null,
    });
    expect(bodyOf(refusedAtIntake(readInvalid({ requestId: 'r', roomId: 'a' })))).toMatchObject({
      type: null,
      memberAccount: null,
      index: null,
    });
  });

  it('tells of a clamped deadline only where there is one', () => {
    const clamped = readPick({ ...goodPick, deadline: '2027-01-01T00:00:00Z' });
    expect(Object.keys(bodyOf(predictedRejection({ request: clamped }))).at(-1)).toBe('deadlineClamped');
    expect(bodyOf(predictedRejection({ request: clamped }))).toMatchObject({ deadlineClamped: true });
    expect(bodyOf(predictedRejection())).not.toHaveProperty('deadlineClamped');
  });

  it('tells the time of a read and a prediction put to the test', () => {
    const evidence = { source: 'read', ageMs: 0, readAt: 0, occupant: null } as const;
    expect(bodyOf(predictedRejection({ evidence, predicted: 'seat-locked' }))).toMatchObject({
      evidence: { ...evidence, readAt: '1970-01-01T00:00:00.000Z' },
      predicted: 'seat-locked',
    });
  });
});

describe('counting an outcome without parsing it', () => {
  it('finds its words although texts before them imitate them', () => {
    const request = readPick({
      ...goodPick,
      requestId: 'x","status":"done","reason":"no',
      roomId: '"reason":"',
    });
    const { value } = encodeOutcome(predictedRejection({ request }));
    expect([wordOf(value, 'status'), wordOf(value, 'reason')]).toEqual(['rejected', 'seat-occupied']);
  });

  it('knows an outcome without a reason', () => {
    const request = readPick({ ...goodPick, metadata: { reason: 'mine' } });
    expect(wordOf(encodeOutcome(predictedRejection({ request, reason: null })).value, 'reason')).toBe('none');
  });
});
