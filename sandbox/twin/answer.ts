import { randomUUID } from 'node:crypto';
import type { ServerResponse } from 'node:http';
import { codes, textOf } from './codes.js';
import type { Result } from './commands/command.js';

/** What the caller gets to see of a call. */
export type Form =
  | { readonly as: 'envelope'; readonly code?: number; readonly fail?: boolean }
  | { readonly as: 'html'; readonly status: number }
  | { readonly as: 'truncated'; readonly cut: boolean }
  | { readonly as: 'cut' };

let sequence = 0;

/** A new `RequestId`, shaped like Tencent's. */
export function newRequestId(): string {
  return `Id-${randomUUID().replaceAll('-', '')}-O-Seq-${++sequence}`;
}

/** The body around every answer. A `fail` carries `ActionStatus: "FAIL"` whatever its code. */
export function envelope(result: Result, requestId: string, fail: boolean): object {
  return {
    ErrorCode: result.code,
    ErrorInfo: result.text ?? textOf(result.code),
    ActionStatus: result.code === codes.ok && !fail ? 'OK' : 'FAIL',
    RequestId: requestId,
    ...(result.response !== undefined && { Response: result.response }),
  };
}

/** JSON in which account ids of digits stand as bare numbers, as in some of Tencent's samples. */
export function withBareNumbers(json: string): string {
  return json.replace(/"(Member|Owner)_Account":"([1-9]\d*)"/g, '"$1_Account":$2');
}

/** Sends JSON with HTTP 200. */
export function sendJson(response: ServerResponse, json: string): void {
  const bytes = Buffer.from(json);
  response.writeHead(200, { 'content-type': 'application/json', 'content-length': bytes.length }).end(bytes);
}

/** Sends half of the JSON: as if that were all, or with the whole length announced and the connection cut. */
export function sendHalf(response: ServerResponse, json: string, cut: boolean): void {
  const bytes = Buffer.from(json);
  const half = bytes.subarray(0, bytes.length >> 1);
  const length = cut ? bytes.length : half.length;
  response.writeHead(200, { 'content-type': 'application/json', 'content-length': length });
  if (!cut) {
    response.end(half);
    return;
  }
  response.write(half, () => {
    response.destroy();
  });
}

/** Sends the page of a gateway that never reached the service. */
export function sendHtml(response: ServerResponse, status: number): void {
  const html = `<html><head><title>${status}</title></head><body><center><h1>${status}</h1></center></body></html>\n`;
  response
    .writeHead(status, { 'content-type': 'text/html', 'content-length': Buffer.byteLength(html) })
    .end(html);
}
