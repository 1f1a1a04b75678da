import { isIPv4 } from 'node:net';
import { z } from 'zod';

/** Says what a variable must hold, whether it is missing or wrong; the value itself is never quoted. */
const must = (what: string) => ({
  error: ({ input }: { input?: unknown }) =>
    input === undefined ? `is missing: give ${what}` : `must be ${what}`,
});

/** Any text. */
export const text = (what: string) => z.string(must(what));

/** Text of one shape. */
export const matching = (shape: RegExp, what: string) => z.string(must(what)).regex(shape, must(what));

/** A whole number within limits, both included. */
export function whole(min: number, max: number, unit = '') {
  const what = `a whole number from ${min} to ${max}${unit}`;
  return z
    .string(must(what))
    .regex(/^\d{1,15}$/, must(what))
    .transform(Number)
    .refine((n) => n >= min && n <= max, must(what));
}

/** A share from 0 to 1. */
export function share() {
  const what = 'a number from 0 to 1, such as 0.01';
  return z
    .string(must(what))
    .regex(/^\d(\.\d+)?$/, must(what))
    .transform(Number)
    .refine((n) => n <= 1, must(what));
}

/** One word of several, in any case. */
export function oneOf<const W extends readonly [string, ...string[]]>(words: W) {
  const what = `one of ${words.join(', ')}`;
  return z
    .string(must(what))
    .toLowerCase()
    .pipe(z.enum(words, must(what)));
}

/** On or off. */
export const flag = () => oneOf(['true', 'false']).transform((word) => word === 'true');

/** Addresses of Kafka brokers, separated by commas. */
export function brokers() {
  const what = 'a comma-separated list of host:port, such as kafka-1:9092,kafka-2:9092';
  const broker = /^([^\s,:/@]+|\[[0-9a-fA-F:]+\]):(\d{1,5})$/;
  return z
    .string(must(what))
    .transform((list) => list.split(',').map((address) => address.trim()))
    .refine((list) => list.every((address) => isPort(broker.exec(address)?.[2])), must(what));
}

/** Address of a Postgres database. */
export function postgresUrl() {
  const what =
    'an address such as postgresql://user:password@host:5432/database (percent-encode the password)';
  return z
    .string(must(what))
    .refine((url) => ['postgres:', 'postgresql:'].includes(parsed(url)?.protocol ?? ''), must(what));
}

/** Address of Tencent's API. Its query carries a signature, so only a loopback host may be reached without TLS. */
export function tencentUrl() {
  const what =
    'an https address without user, query or fragment; plain http only for a loopback host such as 127.0.0.1';
  return z
    .string(must(what))
    .refine((url) => isSafe(parsed(url)), must(what))
    .transform((url) => url.replace(/\/+$/, ''));
}

function isPort(digits: string | undefined): boolean {
  return Number(digits) >= 1 && Number(digits) <= 65_535;
}

function isSafe(url: URL | null): boolean {
  if (url === null || `${url.username}${url.password}${url.search}${url.hash}` !== '') return false;
  return url.protocol === 'https:' || (url.protocol === 'http:' && isLoopback(url.hostname));
}

function isLoopback(hostname: string): boolean {
  return (
    hostname === 'localhost' || hostname === '[::1]' || (isIPv4(hostname) && hostname.startsWith('127.'))
  );
}

function parsed(url: string): URL | null {
  return URL.canParse(url) ? new URL(url) : null;
}
