import { codes } from './codes.js';
import { commandsByName, services } from './commands/table.js';
import type { Command } from './commands/command.js';

/** What method and URL of a call say, read without its body. */
export interface CallAddress {
  readonly command: Command | null;
  /** Null when it is missing or no number. */
  readonly sdkAppId: number | null;
  readonly identifier: string;
  readonly userSig: string;
  /** Code that refuses the call because of its method or URL; null when both are right. */
  readonly refusal: number | null;
}

/** Reads `/v4/<service>/<command>?…`; names and values are case sensitive, unknown parameters are ignored. */
export function readAddress(method: string, url: string): CallAddress {
  const [path = '', query = ''] = url.split('?', 2);
  const parameters = new URLSearchParams(query);
  const name = /^\/v4\/([^/]+\/[^/]+)$/.exec(path)?.[1] ?? '';
  const command = commandsByName.get(name) ?? null;
  const sdkAppId = wholeNumber(parameters.get('sdkappid'));
  return {
    command,
    sdkAppId,
    identifier: parameters.get('identifier') ?? '',
    userSig: parameters.get('usersig') ?? '',
    refusal: refusalOf(method, command === null ? name : null, parameters),
  };
}

function refusalOf(method: string, unknownName: string | null, parameters: URLSearchParams): number | null {
  if (method !== 'POST') return codes.badRequest;
  if (unknownName !== null) {
    return services.has(unknownName.replace(/\/.*/, '')) ? codes.unknownCommand : codes.badPath;
  }
  const sdkAppId = parameters.get('sdkappid') ?? '';
  if (sdkAppId === '') return codes.missingSdkAppId;
  if (wholeNumber(sdkAppId) === null || parameters.get('contenttype') !== 'json') return codes.badQuery;
  if ((parameters.get('identifier') ?? '') === '' || (parameters.get('usersig') ?? '') === '')
    return codes.badQuery;
  const random = wholeNumber(parameters.get('random'));
  return random === null || random > 0xffff_ffff ? codes.badRequest : null;
}

function wholeNumber(text: string | null): number | null {
  return text !== null && /^\d{1,15}$/.test(text) ? Number(text) : null;
}
