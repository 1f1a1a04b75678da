/** Tencent's own signer, a CommonJS package without types. Imported by its file: its package.json names `main` twice, which Jest's resolver refuses. */
declare module 'tls-sig-api-v2/TLSSigAPIv2.js' {
  export class Api {
    constructor(sdkAppId: number, secretKey: string);
    /** Signs at this machine's present time. `expire` is a duration in seconds. */
    genUserSig(identifier: string, expire: number): string;
  }
}
