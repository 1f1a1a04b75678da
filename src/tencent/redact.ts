/** Longer texts of Tencent's help nobody. */
const longest = 300;

/** Any UserSig: zlib data in Tencent's base64. */
const packedSignature = /eJ[\w*-]{40,}/g;

/**
 * A text of Tencent's, fit for logs and rows: secrets hidden (an error may quote our whole URL, with a signature that is no
 * longer ours), control characters and lone surrogates (which Postgres refuses) replaced, cut to a length.
 */
export function redact(text: string, secrets: readonly string[]): string {
  let safe = text;
  for (const secret of secrets) {
    for (const form of [secret, encodeURIComponent(secret)]) safe = safe.replaceAll(form, '[hidden]');
  }
  return safe
    .replace(/usersig["']?\s*[=:]\s*["']?[^\s&"',;]+/gi, 'usersig=[hidden]')
    .replace(packedSignature, '[hidden]')
    .replace(/[\p{Control}\p{Surrogate}]/gu, ' ')
    .slice(0, longest)
    .replace(/\p{Surrogate}/gu, '');
}
