import type { Decision } from './decision.js';
import type { InvalidRequest } from './seat-request.js';

/** The rule for a request that can be told apart but not understood: its errors are its answer. */
export function rejectInvalid({ errors }: InvalidRequest): Decision {
  const message = errors
    .map(({ pointer, detail }) => `${pointer || '(the whole message)'}: ${detail}`)
    .join('; ');
  return {
    kind: 'settle',
    premise: null,
    ending: {
      status: 'rejected',
      reason: 'invalid-request',
      code: null,
      message,
      decidedBy: 'validation',
      evidence: null,
      tencentRequestId: null,
    },
  };
}
