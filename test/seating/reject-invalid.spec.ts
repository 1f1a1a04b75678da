import { rejectInvalid } from '../../src/seating/reject-invalid.js';
import { anInvalidRequest } from '../support/builders/requests.js';

describe('a request that can be told apart but not understood', () => {
  it('is rejected by validation alone: no call, no code, and nothing of the mirror', () => {
    expect(rejectInvalid(anInvalidRequest())).toEqual({
      kind: 'settle',
      premise: null,
      ending: {
        status: 'rejected',
        reason: 'invalid-request',
        code: null,
        message: '/index: give a whole number from 0',
        decidedBy: 'validation',
        evidence: null,
        tencentRequestId: null,
      },
    });
  });

  it('tells every fault, in order, and names the whole message where no field is to blame', () => {
    const errors = [
      { pointer: '', detail: 'it is too deep' },
      { pointer: '/type', detail: 'name one' },
    ];
    expect(rejectInvalid(anInvalidRequest({ errors }))).toMatchObject({
      ending: { message: '(the whole message): it is too deep; /type: name one' },
    });
  });
});
