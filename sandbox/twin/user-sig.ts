import { createHmac, timingSafeEqual } from 'node:crypto';
import { deflateSync, inflateSync } from 'node:zlib';
import { z } from 'zod';
import { codes } from './codes.js';

const signatureSchema = z.object({
  'TLS.ver': z.literal('2.0'),
  'TLS.identifier': z.string(),
  'TLS.sdkappid': z.number(),
  'TLS.time': z.number(),
  'TLS.expire': z.number(),
  'TLS.userbuf': z.string().optional(),
  'TLS.sig': z.string(),
});
type Signature = z.infer<typeof signatureSchema>;

/** What a UserSig vouches for. `time` is unix seconds, `expire` a duration in seconds. */
export interface SignedFields {
  readonly identifier: string;
  readonly sdkAppId: number;
  readonly time: number;
  readonly expire: number;
  readonly userbuf?: string | undefined;
}

/** `TLS.sig`: HMAC-SHA256 over the fields as lines of text, the key taken as text. */
export function userSigMac(fields: SignedFields, secretKey: string): string {
  const userbuf = fields.userbuf === undefined ? '' : `TLS.userbuf:${fields.userbuf}\n`;
  const text =
    `TLS.identifier:${fields.identifier}\nTLS.sdkappid:${fields.sdkAppId}\n` +
    `TLS.time:${fields.time}\nTLS.expire:${fields.expire}\n${userbuf}`;
  return createHmac('sha256', secretKey).update(text).digest('base64');
}

/** Makes a UserSig, for callers that have no SDK at hand. */
export function signUserSig(fields: SignedFields, secretKey: string): string {
  const json = JSON.stringify({
    'TLS.ver': '2.0',
    'TLS.identifier': fields.identifier,
    'TLS.sdkappid': fields.sdkAppId,
    'TLS.time': fields.time,
    'TLS.expire': fields.expire,
    'TLS.userbuf': fields.userbuf,
    'TLS.sig': userSigMac(fields, secretKey),
  });
  const packed = deflateSync(json).toString('base64');
  return packed.replaceAll('+', '*').replaceAll('/', '-').replaceAll('=', '_');
}

/** What a call claims, and what it is held against. */
export interface SignatureClaim {
  readonly userSig: string;
  readonly identifier: string;
  readonly sdkAppId: number;
  readonly secretKey: string;
  /** Unix seconds. */
  readonly now: number;
  readonly wrongSignatureCode: number;
}

/** Checks a UserSig in the order of Tencent's reference code; null when it is good, else the code to answer. */
export function checkUserSig(claim: SignatureClaim): number | null {
  const signature = unpack(claim.userSig);
  if (signature === null) return codes.signatureIllegal;
  if (signature['TLS.sdkappid'] !== claim.sdkAppId) return codes.signatureOfOtherApp;
  if (signature['TLS.identifier'] !== claim.identifier) return codes.signatureOfOther;
  // A `TLS.time` in the future is accepted: nothing is documented about it.
  if (claim.now > signature['TLS.time'] + signature['TLS.expire']) return codes.signatureExpired;
  return sameMac(signature, claim.secretKey) ? null : claim.wrongSignatureCode;
}

function unpack(userSig: string): Signature | null {
  if (!/^[A-Za-z0-9*_-]+$/.test(userSig)) return null;
  const base64 = userSig.replaceAll('*', '+').replaceAll('-', '/').replaceAll('_', '=');
  try {
    const json = inflateSync(Buffer.from(base64, 'base64'), { maxOutputLength: 65_536 }).toString();
    return signatureSchema.parse(JSON.parse(json));
  } catch {
    return null;
  }
}

function sameMac(signature: Signature, secretKey: string): boolean {
  const fields = {
    identifier: signature['TLS.identifier'],
    sdkAppId: signature['TLS.sdkappid'],
    time: signature['TLS.time'],
    expire: signature['TLS.expire'],
    userbuf: signature['TLS.userbuf'],
  };
  const expected = Buffer.from(userSigMac(fields, secretKey));
  const given = Buffer.from(signature['TLS.sig']);
  return expected.length === given.length && timingSafeEqual(expected, given);
}
