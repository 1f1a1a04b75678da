import { isLosslessNumber, parse } from 'lossless-json';

/** What every answer of Tencent's is wrapped in, in our words. Numbers inside `payload` are still lossless. */
export interface Envelope {
  readonly code: number;
  /** `ActionStatus` said OK. */
  readonly ok: boolean;
  readonly info: string;
  readonly requestId: string | null;
  readonly payload: unknown;
}

/** Bytes → envelope; null where it is none: not UTF-8, not JSON, or no integer code. */
export function openEnvelope(body: Uint8Array): Envelope | null {
  const answer = parsed(body);
  if (!isRecord(answer)) return null;
  const { ActionStatus, ErrorCode, ErrorInfo, RequestId, Response } = answer;
  const code = isLosslessNumber(ErrorCode) ? Number(ErrorCode.value) : NaN;
  if (!Number.isSafeInteger(code)) return null;
  return {
    code,
    ok: ActionStatus === 'OK',
    info: typeof ErrorInfo === 'string' ? ErrorInfo : '',
    requestId: typeof RequestId === 'string' && RequestId !== '' ? RequestId : null,
    payload: Response,
  };
}

/** Whether it is a JSON object, whose fields may be looked at. */
export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !isLosslessNumber(value);
}

function parsed(body: Uint8Array): unknown {
  try {
    return parse(new TextDecoder('utf-8', { fatal: true }).decode(body));
  } catch {
    return null;
  }
}
