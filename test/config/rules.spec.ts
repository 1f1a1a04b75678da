import { problemsOf } from './environments.js';

const certificates = { KAFKA_SSL: 'true', KAFKA_SSL_CERT: '-----BEGIN C', KAFKA_SSL_KEY: '-----BEGIN K' };
const login = { KAFKA_SASL_MECHANISM: 'plain', KAFKA_SASL_USERNAME: 'u', KAFKA_SASL_PASSWORD: 'p' };

describe('the default deadline of a request', () => {
  it('must outlast a session timeout, a quiet time and the conclusion, or a crash expires everything', () => {
    expect(problemsOf({ REQUEST_TTL_MS: '24999' })).toEqual([
      expect.stringMatching(/^REQUEST_TTL_MS must be at least 25000/),
    ]);
    expect(problemsOf({ REQUEST_TTL_MS: '25000' })).toEqual([]);
  });

  it('must grow with the session timeout', () => {
    expect(problemsOf({ KAFKA_SESSION_TIMEOUT_MS: '15001' })).toEqual([
      expect.stringMatching(/^REQUEST_TTL_MS must be at least 30001/),
    ]);
    expect(problemsOf({ KAFKA_SESSION_TIMEOUT_MS: '15000' })).toEqual([]);
  });

  it('must grow with our timeout, but a shorter one earns nothing', () => {
    expect(problemsOf({ TENCENT_TIMEOUT_MS: '10001' })).toEqual([
      expect.stringMatching(/^REQUEST_TTL_MS must be at least 30001/),
    ]);
    expect(problemsOf({ TENCENT_TIMEOUT_MS: '4000', REQUEST_TTL_MS: '24999' })).toHaveLength(1);
  });

  it('is not judged while one of its parts is wrong by itself', () => {
    expect(problemsOf({ REQUEST_TTL_MS: '1', KAFKA_SESSION_TIMEOUT_MS: 'x' })).toEqual([
      expect.stringMatching(/^KAFKA_SESSION_TIMEOUT_MS/),
    ]);
  });
});

describe('the retention of the audit', () => {
  it('must be longer than that of ids, whose outcomes it holds', () => {
    expect(problemsOf({ AUDIT_RETENTION_DAYS: '8' })).toEqual([
      expect.stringMatching(/^AUDIT_RETENTION_DAYS must be more than REQUEST_ID_RETENTION_DAYS \(8\)/),
    ]);
    expect(problemsOf({ AUDIT_RETENTION_DAYS: '9' })).toEqual([]);
    expect(problemsOf({ AUDIT_RETENTION_DAYS: '8', REQUEST_ID_RETENTION_DAYS: '7' })).toEqual([]);
  });
});

describe('Kafka over TLS', () => {
  it('is fine with a certificate and its key', () => {
    expect(problemsOf(certificates)).toEqual([]);
  });

  it.each(['KAFKA_SSL_CERT', 'KAFKA_SSL_KEY'])(
    'is refused without %s where the other is given',
    (variable) => {
      expect(problemsOf({ ...certificates, [variable]: '' })).toEqual([
        expect.stringMatching(/^KAFKA_SSL_CERT and KAFKA_SSL_KEY belong together/),
      ]);
    },
  );

  it('is not silently off where certificates are given', () => {
    expect(problemsOf({ ...certificates, KAFKA_SSL: '' })).toEqual([
      expect.stringMatching(/^KAFKA_SSL must be true/),
    ]);
  });
});

describe('Kafka with a login', () => {
  it('is fine with mechanism, user and password', () => {
    expect(problemsOf(login)).toEqual([]);
  });

  it.each(Object.keys(login))('is refused where only %s is missing', (variable) => {
    expect(problemsOf({ ...login, [variable]: '' })).toEqual([
      expect.stringMatching(/^KAFKA_SASL_MECHANISM needs .*all three or none/),
    ]);
  });
});
