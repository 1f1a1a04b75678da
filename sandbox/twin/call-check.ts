import type { CallAddress } from './call-address.js';
import { codes } from './codes.js';
import type { PreparedCommand } from './commands/command.js';
import type { TwinOptions } from './options.js';
import { checkUserSig } from './user-sig.js';

/** A call that may be executed, or the code (and text) that refuses it. */
export type CheckedCall =
  | {
      readonly kind: 'sound';
      readonly sdkAppId: number;
      readonly command: string;
      readonly prepared: PreparedCommand;
    }
  | { readonly kind: 'refused'; readonly code: number; readonly text?: string };

/** Checks a call in the order URL, JSON, signature, administrator, fields. `body` is undefined when it was no JSON. */
export function checkCall(address: CallAddress, body: unknown, options: TwinOptions): CheckedCall {
  const { command, sdkAppId } = address;
  if (address.refusal !== null || command === null || sdkAppId === null) {
    return refused(address.refusal ?? codes.badRequest);
  }
  if (typeof body !== 'object' || body === null || Array.isArray(body)) return refused(codes.badJson);
  const code = checkCaller(address, sdkAppId, options);
  if (code !== null) return refused(code);
  const prepared = command.prepare(body);
  if (typeof prepared === 'string') return { kind: 'refused', code: codes.badParameter, text: prepared };
  return { kind: 'sound', sdkAppId, command: command.name, prepared };
}

function checkCaller(address: CallAddress, sdkAppId: number, options: TwinOptions): number | null {
  const application = options.applications.find((one) => one.sdkAppId === sdkAppId);
  if (application === undefined) return codes.unknownSdkAppId;
  const code = checkUserSig({
    userSig: address.userSig,
    identifier: address.identifier,
    sdkAppId,
    secretKey: application.secretKey,
    now: Math.floor(Date.now() / 1000),
    wrongSignatureCode: options.wrongSignatureCode,
  });
  if (code !== null) return code;
  return application.administrators.includes(address.identifier) ? null : codes.notAdministrator;
}

function refused(code: number): CheckedCall {
  return { kind: 'refused', code };
}
