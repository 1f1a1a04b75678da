/**
 * Whether a message with a known identity is a request that can be understood. `unclear`: it uses more of the contract than
 * the checker reads; then both an answer in earnest and a refusal as invalid are taken.
 */
export type Soundness = 'sound' | 'unsound' | 'unclear';

type Fields = Readonly<Record<string, unknown>>;

const laterKinds: ReadonlySet<unknown> = new Set(['kick', 'move', 'lock', 'unlock', 'cancel']);
const time = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d{1,9})?(Z|[+-]\d{2}:\d{2})$/;

/** Fields that a sound pick may have besides its own, and how they look then. */
const others: Readonly<Record<string, (value: unknown) => boolean>> = {
  deadline: (value) => typeof value === 'string' && time.test(value) && !Number.isNaN(Date.parse(value)),
  priority: (value) => value === 'high' || value === 'normal' || value === 'low',
  requestedBy: isLabel,
  source: isLabel,
  correlationId: isLabel,
  metadata: isMetadata,
  indexes: () => false,
  policy: () => false,
  targetRequestId: () => false,
  sdkAppId: () => false,
  note: () => false,
};

/** Fields → verdict. Only a plain pick is known to be sound. */
export function soundnessOf(fields: Fields): Soundness {
  const { type } = fields;
  if (laterKinds.has(type)) return 'unclear';
  if (type !== 'pick') return 'unsound';
  const member = memberFault(fields['memberAccount']);
  const index = indexFault(fields['index']);
  if (member === 'unsound' || index === 'unsound') return 'unsound';
  if (member === 'unclear' || index === 'unclear') return 'unclear';
  const rest = Object.entries(others).every(([name, isPlain]) => isPlainOrAbsent(fields[name], isPlain));
  return rest ? 'sound' : 'unclear';
}

function memberFault(member: unknown): Soundness {
  if (typeof member !== 'string' || member === '') return 'unsound';
  if (Buffer.byteLength(member) > 32) return 'unsound';
  return /[\p{Cc}\p{Cs}]/u.test(member) ? 'unclear' : 'sound';
}

/** Without an index any free seat is asked for, which a build may or may not know how to find. */
function indexFault(index: unknown): Soundness {
  if (index === undefined || index === null) return 'unclear';
  if (typeof index !== 'number' || index < 0) return 'unsound';
  if (Number.isSafeInteger(index)) return 'sound';
  // Beyond 2^53 the checker cannot read it exactly.
  return index > Number.MAX_SAFE_INTEGER ? 'unclear' : 'unsound';
}

function isPlainOrAbsent(value: unknown, isPlain: (value: unknown) => boolean): boolean {
  return value === undefined || value === null || isPlain(value);
}

function isLabel(value: unknown): boolean {
  return typeof value === 'string' && value.length <= 128 && !/[\p{Cc}\p{Cs}]/u.test(value);
}

function isMetadata(value: unknown): boolean {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
  const pairs = Object.entries(value);
  return (
    pairs.length <= 10 && JSON.stringify(value).length <= 512 && pairs.every(([, text]) => isLabel(text))
  );
}
