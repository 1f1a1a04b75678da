import type { InvalidRequest, PickRequest } from '../../../src/seating/seat-request.js';

/** When the requests of these tests arrive; epoch milliseconds. */
export const arrival = 1_000_000;

const asked = {
  sdkAppId: 1_400_000_000,
  requestId: 'req-1',
  roomId: 'room-test',
  digest: 'a'.repeat(64),
  priority: 'normal',
  deadline: arrival + 30_000,
  deadlineClamped: false,
  requestedAt: arrival - 200,
  receivedAt: arrival,
  source: null,
  requestedBy: null,
  correlationId: null,
  metadata: {},
  traceparent: null,
  kafka: { partition: 0, offset: '0' },
} as const;

/** "Put user2 on seat 1 of room-test", within 30 seconds. */
export function aPick(changes: Partial<PickRequest> = {}): PickRequest {
  return { ...asked, type: 'pick', memberAccount: 'user2', index: 1, ...changes };
}

/** A pick by its id: `pickOf('a', 'user2', 1)`; `deadlineMs` counts from `arrival`. */
export function pickOf(
  requestId: string,
  memberAccount: string,
  index: number,
  deadlineMs = 30_000,
): PickRequest {
  return aPick({ requestId, memberAccount, index, digest: requestId, deadline: arrival + deadlineMs });
}

/** A pick whose seat is no number. */
export function anInvalidRequest(changes: Partial<InvalidRequest> = {}): InvalidRequest {
  const errors = [{ pointer: '/index', detail: 'give a whole number from 0' }];
  return {
    ...asked,
    type: 'invalid',
    askedType: 'pick',
    memberAccount: 'user2',
    index: null,
    errors,
    ...changes,
  };
}
