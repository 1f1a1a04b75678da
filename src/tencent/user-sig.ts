import { Api } from 'tls-sig-api-v2/TLSSigAPIv2.js';

/** A day: what Tencent's documents advise at least. */
const lifeSeconds = 86_400;
/** Renewed at 80 % of its life, long before any clock that is a little off could call it expired. */
const renewAfterMs = lifeSeconds * 1_000 * 0.8;
/** Tencent answers 70050 after too many failed checks, and asks for a minute of rest. */
const restMs = 60_000;

/** Who signs: one of these an application and administrator. */
export interface Signer {
  readonly sdkAppId: number;
  readonly identifier: string;
  readonly secretKey: string;
}

/**
 * The UserSig of one application's administrator, signed when first needed and kept.
 * Signing is synchronous, so nobody ever waits for it and two renewals cannot overlap.
 * Every `now` is monotonic milliseconds.
 */
export class UserSig {
  private readonly api: Api;
  private readonly identifier: string;
  private signed: { readonly value: string; readonly at: number } | null = null;
  private restUntil = -Infinity;

  constructor({ sdkAppId, identifier, secretKey }: Signer) {
    this.api = new Api(sdkAppId, secretKey);
    this.identifier = identifier;
  }

  /** The signature to use now. */
  current(now: number): string {
    if (this.signed && (now - this.signed.at < renewAfterMs || now < this.restUntil))
      return this.signed.value;
    return this.sign(now);
  }

  /**
   * Tencent did not accept `failed`: sign anew. Of many calls that failed with one signature only the first renews it.
   * False where it was left alone: somebody else has renewed it, or it rests.
   */
  renew(failed: string, now: number): boolean {
    if (this.signed?.value !== failed || now < this.restUntil) return false;
    this.sign(now);
    return true;
  }

  /** Tencent locked us out for too many failed checks: no new signature for a minute. */
  rest(now: number): void {
    this.restUntil = now + restMs;
  }

  private sign(now: number): string {
    const value = this.api.genUserSig(this.identifier, lifeSeconds);
    this.signed = { value, at: now };
    return value;
  }
}
