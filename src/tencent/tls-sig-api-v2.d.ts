/** Tencent's own signer, a CommonJS package without types. */
declare module 'tls-sig-api-v2' {
  export class Api {
    constructor(sdkAppId: number, secretKey: string);
    /** Signs at this machine's present time. `expire` is a duration in seconds. */
    genUserSig(identifier: string, expire: number): string;
  }
}
