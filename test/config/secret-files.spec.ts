import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readSettings } from '../../src/config/environment.js';
import { fileable } from '../../src/config/variables.js';
import { least, problemsOf, settingsWith } from './environments.js';

const values = {
  DATABASE_URL: 'postgresql://from-file@db/usher',
  DATABASE_MIGRATION_URL: 'postgresql://owner-from-file@db/usher',
  KAFKA_SSL_CA: '-----BEGIN CA\nfrom file',
  KAFKA_SSL_CERT: '-----BEGIN CERT\nfrom file',
  KAFKA_SSL_KEY: '-----BEGIN KEY\nfrom file',
  KAFKA_SASL_PASSWORD: 'password from file',
  TENCENT_SECRET_KEY: 'key from file',
} satisfies Record<(typeof fileable)[number], string>;

describe('a secret as a file', () => {
  let folder = '';
  const fileWith = (name: string, content: string): string => {
    const path = join(folder, name);
    writeFileSync(path, content);
    return path;
  };
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'usher-config-'));
  });
  afterAll(() => {
    rmSync(folder, { recursive: true });
  });

  it('works for each of them; the newline at the end is no part of it', () => {
    const env: Record<string, string> = {
      ...least,
      KAFKA_SSL: 'true',
      KAFKA_SASL_MECHANISM: 'plain',
      KAFKA_SASL_USERNAME: 'u',
    };
    for (const variable of fileable) {
      env[variable] = '';
      env[`${variable}_FILE`] = fileWith(variable, `${values[variable]}\n`);
    }
    const settings = readSettings(env, false);
    expect(settings.database).toEqual({
      url: values.DATABASE_URL,
      migrationUrl: values.DATABASE_MIGRATION_URL,
    });
    expect(settings.kafka.ssl).toEqual({
      ca: values.KAFKA_SSL_CA,
      cert: values.KAFKA_SSL_CERT,
      key: values.KAFKA_SSL_KEY,
    });
    expect(settings.kafka.sasl?.password).toBe(values.KAFKA_SASL_PASSWORD);
    expect(settings.tencent.secretKey).toBe(values.TENCENT_SECRET_KEY);
  });

  it.each(fileable)('is refused where %s is given as well', (variable) => {
    const both = { [variable]: values[variable], [`${variable}_FILE`]: fileWith('both', values[variable]) };
    expect(problemsOf(both)).toContainEqual(
      `${variable} and ${variable}_FILE are both given: keep one of them`,
    );
  });

  it('is one problem where the file cannot be read, without the path: it may be the secret, put in the wrong place', () => {
    expect(problemsOf({ TENCENT_SECRET_KEY: '', TENCENT_SECRET_KEY_FILE: '/sesame' })).toEqual([
      'TENCENT_SECRET_KEY_FILE cannot be read (ENOENT): give the path of a file that this user may read',
    ]);
  });

  it('is refused where the file is empty', () => {
    const empty = fileWith('empty', '\n');
    expect(problemsOf({ DATABASE_URL: '', DATABASE_URL_FILE: empty })).toEqual([
      'DATABASE_URL_FILE names an empty file: write the value into it',
    ]);
  });

  it('is not given where its variable is empty', () => {
    expect(settingsWith({ TENCENT_SECRET_KEY_FILE: '' }).tencent.secretKey).toBe(least.TENCENT_SECRET_KEY);
  });
});
