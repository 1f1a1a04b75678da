import { createHmac } from 'node:crypto';
import { inflateSync } from 'node:zlib';
import { UserSig } from '../../src/tencent/user-sig.js';

const signer = {
  sdkAppId: 1_400_000_000,
  identifier: 'administrator',
  secretKey: '0123456789abcdef'.repeat(4),
};
const day = 86_400_000;

function unpack(signature: string): Record<string, string | number> {
  const base64 = signature.replaceAll('*', '+').replaceAll('-', '/').replaceAll('_', '=');
  return JSON.parse(inflateSync(Buffer.from(base64, 'base64')).toString()) as Record<string, string | number>;
}

/** Tencent's signer reads the time of the machine by itself. */
function at<T>(epochSeconds: number, act: () => T): T {
  const machine = Date.now;
  Date.now = () => epochSeconds * 1_000;
  try {
    return act();
  } finally {
    Date.now = machine;
  }
}

describe('the UserSig', () => {
  it('is that of the published vector, field by field', () => {
    const signature = at(1_700_000_000, () => new UserSig(signer).current(0));
    expect(unpack(signature)).toEqual({
      'TLS.ver': '2.0',
      'TLS.identifier': 'administrator',
      'TLS.sdkappid': 1_400_000_000,
      'TLS.time': 1_700_000_000,
      'TLS.expire': 86_400,
      'TLS.sig': '9awWeUL8MxxbBn8dhB0Jvuo0JKIh4dNCLkGIX4n5fd0=',
    });
  });

  it('verifies against its own text and key', () => {
    const fields = unpack(new UserSig({ ...signer, identifier: 'ops' }).current(0));
    const text = ['identifier', 'sdkappid', 'time', 'expire']
      .map((name) => `TLS.${name}:${fields[`TLS.${name}`]}\n`)
      .join('');
    expect(fields['TLS.sig']).toBe(createHmac('sha256', signer.secretKey).update(text).digest('base64'));
  });

  it('goes into a URL as it is', () => {
    const signature = new UserSig(signer).current(0);
    expect(encodeURIComponent(signature)).toBe(signature);
  });

  it('is kept for 80 % of its life, then signed anew', () => {
    const sig = new UserSig(signer);
    const first = at(1_000, () => sig.current(0));
    expect(at(2_000, () => sig.current(0.8 * day - 1))).toBe(first);
    const second = at(3_000, () => sig.current(0.8 * day));
    expect(unpack(second)['TLS.time']).toBe(3_000);
  });

  it('is renewed once, however many calls failed with it', () => {
    const sig = new UserSig(signer);
    const failed = at(1_000, () => sig.current(0));
    expect(at(2_000, () => sig.renew(failed, 1))).toBe(true);
    const renewed = sig.current(2);
    expect(at(3_000, () => sig.renew(failed, 2))).toBe(false);
    expect(sig.current(3)).toBe(renewed);
    expect(unpack(renewed)['TLS.time']).toBe(2_000);
  });

  it('is not signed anew for a minute after the lock-out, neither for a failure nor for its age', () => {
    const sig = new UserSig(signer);
    const first = at(1_000, () => sig.current(0));
    const locked = 0.9 * day;
    sig.rest(locked);
    expect(at(2_000, () => sig.renew(first, locked + 59_999))).toBe(false);
    expect(at(2_000, () => sig.current(locked + 59_999))).toBe(first);
    expect(at(3_000, () => sig.renew(first, locked + 60_000))).toBe(true);
  });
});
