/** A table as `schema.prisma` says it should be, in Postgres's own words. */
export interface ExpectedTable {
  readonly table: string;
  readonly columns: readonly ExpectedColumn[];
  /** Columns of the primary key, in its order. */
  readonly primaryKey: readonly string[];
}

interface ExpectedColumn {
  readonly column: string;
  /** As `format_type` prints it. */
  readonly type: string;
  readonly nullable: boolean;
  readonly default: string | null;
}

/** Prisma type, with the native type where one is named → Postgres type. */
const types: Readonly<Record<string, string>> = {
  BigInt: 'bigint',
  Boolean: 'boolean',
  Bytes: 'bytea',
  'DateTime @db.Timestamptz(6)': 'timestamp with time zone',
  Float: 'double precision',
  Int: 'integer',
  Json: 'jsonb',
  String: 'text',
  'String @db.Uuid': 'uuid',
};

/**
 * Reads the models of a `schema.prisma`: the part of the language that this project uses. The generated client no longer
 * tells native types or defaults, so the text is the source. Throws on whatever it does not understand: silence would be
 * taken for agreement.
 */
export function readPrismaSchema(text: string): ExpectedTable[] {
  const blocks = [...text.matchAll(/^(\w+) (\w+) \{\n([^}]*)^\}/gm)];
  const known = new Set(['generator', 'datasource', 'model']);
  const strange = blocks.find(([, keyword]) => !known.has(keyword ?? ''));
  if (strange) throw new Error(`cannot compare a block of the kind ${strange[1] ?? ''}`);
  return blocks.filter(([, keyword]) => keyword === 'model').map(([, , , body]) => readModel(body ?? ''));
}

function readModel(body: string): ExpectedTable {
  const lines = body
    .split('\n')
    .map((line) => line.replace(/\/\/.*/, '').trim())
    .filter((line) => line !== '');
  const fields = lines.filter((line) => !line.startsWith('@@')).map(readField);
  const rest = lines.filter((line) => line.startsWith('@@'));
  const table = take(rest, /^@@map\("(\w+)"\)$/);
  const id = take(rest, /^@@id\(\[([\w, ]+)\]\)$/);
  if (rest.length > 0) throw new Error(`cannot compare ${rest.join(', ')} of ${table}`);
  const columnOf = new Map(fields.map(({ field, column }) => [field, column]));
  return {
    table,
    columns: fields.map(({ column, type, nullable, default: value }) => ({
      column,
      type,
      nullable,
      default: value,
    })),
    primaryKey: id.split(', ').map((field) => columnOf.get(field) ?? `no field ${field}`),
  };
}

function readField(line: string): ExpectedColumn & { readonly field: string } {
  const [, field = '', base = '', mark = '', tail = ''] = /^(\w+)\s+(\w+)(\?|\[\])?\s*(.*)$/.exec(line) ?? [];
  const attributes = tail.match(/@[\w.]+(\([^)]*\))?/g) ?? [];
  const column = takeOptional(attributes, /^@map\("(\w+)"\)$/) ?? field;
  const value = takeOptional(attributes, /^@default\((\w+)\)$/);
  const prismaType = [base, ...attributes].join(' ');
  const type = types[prismaType];
  if (type === undefined) throw new Error(`cannot compare the type ${prismaType} of ${field}`);
  // Prisma knows no null of a list, and makes its column without NOT NULL.
  return { field, column, type: mark === '[]' ? `${type}[]` : type, nullable: mark !== '', default: value };
}

/** Removes the one entry of that shape and returns what its group holds. */
function takeOptional(entries: string[], shape: RegExp): string | null {
  const at = entries.findIndex((entry) => shape.test(entry));
  const [entry] = at < 0 ? [] : entries.splice(at, 1);
  return entry === undefined ? null : (shape.exec(entry)?.[1] ?? null);
}

function take(entries: string[], shape: RegExp): string {
  const found = takeOptional(entries, shape);
  if (found === null) throw new Error(`nothing like ${shape.source} in ${entries.join(', ')}`);
  return found;
}
