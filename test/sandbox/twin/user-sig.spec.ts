import { twinSecretKey } from '../../../sandbox/twin/credentials.js';
import { checkUserSig, signUserSig, userSigMac } from '../../../sandbox/twin/user-sig.js';

const fields = { identifier: 'administrator', sdkAppId: 1400000000, time: 1700000000, expire: 86400 };
const claim = {
  userSig: signUserSig(fields, twinSecretKey),
  identifier: fields.identifier,
  sdkAppId: fields.sdkAppId,
  secretKey: twinSecretKey,
  now: fields.time + 1,
  wrongSignatureCode: 70009,
};

describe('the signature of an administrator', () => {
  it('agrees with the published vector', () => {
    expect(userSigMac(fields, twinSecretKey)).toBe('9awWeUL8MxxbBn8dhB0Jvuo0JKIh4dNCLkGIX4n5fd0=');
  });

  it('is accepted up to its last second', () => {
    expect(checkUserSig({ ...claim, now: fields.time + fields.expire })).toBeNull();
  });

  it('has expired a second later', () => {
    expect(checkUserSig({ ...claim, now: fields.time + fields.expire + 1 })).toBe(70001);
  });

  it.each([
    ['is no base64 of the safe alphabet', { userSig: 'a+b/c=' }, 70003],
    ['is cut short', { userSig: claim.userSig.slice(0, 40) }, 70003],
    ['was made for another application', { sdkAppId: 1400000001 }, 70014],
    ['was made for another account', { identifier: 'somebody' }, 70013],
    ['was made with another key', { secretKey: twinSecretKey.replace('0', '1') }, 70009],
  ])('is refused when it %s', (_what, odd, code) => {
    expect(checkUserSig({ ...claim, ...odd })).toBe(code);
  });

  it('covers a userbuf', () => {
    const signed = signUserSig({ ...fields, userbuf: 'YWJj' }, twinSecretKey);
    expect(checkUserSig({ ...claim, userSig: signed })).toBeNull();
    expect(userSigMac({ ...fields, userbuf: 'YWJj' }, twinSecretKey)).not.toBe(
      userSigMac(fields, twinSecretKey),
    );
  });

  it('answers a wrong key with the code that was chosen', () => {
    expect(checkUserSig({ ...claim, secretKey: 'other', wrongSignatureCode: 70003 })).toBe(70003);
  });
});
