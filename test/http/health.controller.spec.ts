import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { StandingClock } from './served.js';
import { FakeVital, served } from './served.js';

describe('health', () => {
  const postgres = new FakeVital('postgres');
  const kafka = new FakeVital('kafka');
  let app: NestFastifyApplication;
  let clock: StandingClock;
  beforeAll(async () => {
    ({ app, clock } = await served(postgres, kafka));
  });
  afterAll(() => app.close());
  beforeEach(() => {
    for (const vital of [postgres, kafka]) {
      vital.missing = () => Promise.resolve(null);
      vital.progress = null;
    }
  });

  describe('GET /health/live', () => {
    it('is 200 while every part that claims progress made some within 60 s', async () => {
      kafka.progress = clock.at - 60_000;
      const { statusCode, body } = await app.inject('/health/live');
      expect([statusCode, body]).toEqual([200, '{"status":"live"}']);
    });

    it('is 503 as soon as one part is stuck for longer, and names it', async () => {
      kafka.progress = clock.at - 60_001;
      postgres.progress = clock.at;
      const response = await app.inject('/health/live');
      expect(response.statusCode).toBe(503);
      expect(response.json()).toEqual({
        type: 'about:blank',
        title: 'Service Unavailable',
        status: 503,
        detail: 'stuck: restart this instance',
        missing: { kafka: 'no progress for 60 s' },
      });
    });

    it('does not care whether a part is ready: a restart would not help', async () => {
      postgres.missing = () => Promise.resolve('unreachable');
      expect((await app.inject('/health/live')).statusCode).toBe(200);
    });
  });

  describe('GET /health/ready', () => {
    it('is 200 once nothing is missing', async () => {
      const { statusCode, body } = await app.inject('/health/ready');
      expect([statusCode, body]).toEqual([200, '{"status":"ready"}']);
    });

    it('is 503 with what is missing, by part', async () => {
      kafka.missing = () => Promise.resolve('the group is not joined');
      const response = await app.inject('/health/ready');
      expect(response.statusCode).toBe(503);
      expect(response.headers['content-type']).toMatch(/^application\/problem\+json/);
      expect(response.json()).toMatchObject({
        detail: 'not ready',
        missing: { kafka: 'the group is not joined' },
      });
      expect(response.json()).not.toHaveProperty('missing.postgres');
    });

    it('is 503 where a check fails, and does not tell strangers why', async () => {
      postgres.missing = () => Promise.reject(new Error('postgresql://usher:sesame@db refused'));
      const response = await app.inject('/health/ready');
      expect(response.json()).toMatchObject({ status: 503, missing: { postgres: 'the check failed' } });
      expect(response.body).not.toContain('sesame');
    });

    it('is 503 where a part does not answer in time, without waiting for it', async () => {
      postgres.missing = () => new Promise(() => undefined);
      const response = await app.inject('/health/ready');
      expect(response.json()).toMatchObject({ status: 503, missing: { postgres: 'no answer within 2 s' } });
    });
  });
});
