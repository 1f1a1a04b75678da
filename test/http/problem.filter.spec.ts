import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { KeptErrors } from './served.js';
import { served } from './served.js';

describe('an HTTP error', () => {
  let app: NestFastifyApplication;
  let log: KeptErrors;
  beforeAll(async () => {
    ({ app, log } = await served());
  });
  afterAll(() => app.close());
  beforeEach(() => {
    log.errors.length = 0;
  });

  const json = { 'content-type': 'application/json' };
  it.each([
    ['an unknown route', { method: 'GET', url: '/nowhere' }, 404, 'Not Found'],
    ['an unknown method of a known route', { method: 'DELETE', url: '/metrics' }, 404, 'Not Found'],
    [
      'an unreadable body',
      { method: 'POST', url: '/trial/body', headers: json, payload: '{' },
      400,
      'Bad Request',
    ],
    [
      'a body that is too large',
      { method: 'POST', url: '/trial/body', headers: json, payload: `"${'x'.repeat(2 ** 20)}"` },
      413,
      'Payload Too Large',
    ],
  ] as const)('for %s is problem details', async (_what, request, status, title) => {
    const response = await app.inject(request);
    expect(response.statusCode).toBe(status);
    expect(response.headers['content-type']).toMatch(/^application\/problem\+json/);
    expect(response.json()).toMatchObject({ type: 'about:blank', title, status });
    expect(log.errors).toEqual([]);
  });

  it('that nobody foresaw is logged with its cause and told to nobody', async () => {
    const response = await app.inject('/trial/bug');
    expect(response.statusCode).toBe(500);
    expect(response.json()).toEqual({ type: 'about:blank', title: 'Internal Server Error', status: 500 });
    expect(log.errors).toEqual([{ err: expect.objectContaining({ message: 'password=sesame' }) as unknown }]);
  });
});
