import { Writable } from 'node:stream';
import { PinoLog } from '../../src/telemetry/pino-log.js';

/** A log and the lines it has written so far. */
function written(level: 'debug' | 'info' = 'info', format: 'json' | 'pretty' = 'json') {
  const lines: string[] = [];
  const output = new Writable({
    decodeStrings: false,
    write: (line: string, _encoding, done) => {
      lines.push(line);
      done();
    },
  });
  return {
    log: new PinoLog({ level, format }, output),
    lines,
    last: () => JSON.parse(lines.at(-1) ?? 'null') as unknown,
  };
}

/** As the errors of HTTP clients come: with the request in them. */
function clientError(): Error {
  const request = { url: 'https://api?usersig=sesame', headers: { authorization: 'sesame' }, data: 'sesame' };
  return Object.assign(new Error('Request failed with status code 500'), {
    code: 'ERR_BAD_RESPONSE',
    config: request,
    request,
    response: { config: request },
  });
}

describe('the log', () => {
  it('writes one JSON line a message, with the fields, a level in words and a time', () => {
    const { log, lines, last } = written();
    log.warn({ partition: 3 }, 'a room is misrouted');
    expect(lines).toHaveLength(1);
    expect(last()).toMatchObject({ level: 'warn', partition: 3, msg: 'a room is misrouted' });
    expect(last()).toHaveProperty('time', expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/));
  });

  it.each(['debug', 'info', 'warn', 'error'] as const)('writes %s under its name', (level) => {
    const { log, last } = written('debug');
    log[level]({}, 'x');
    expect(last()).toMatchObject({ level });
  });

  it('is silent below its level', () => {
    const { log, lines } = written('info');
    log.debug({}, 'detail');
    expect(lines).toEqual([]);
  });

  it('writes lines for people where that is asked', () => {
    const { log, lines } = written('info', 'pretty');
    log.info({ topic: 'seat.requests' }, 'group joined');
    expect(lines.join('')).toMatch(/INFO.*group joined[^]*topic.*seat\.requests/);
    expect(lines.join('')).not.toContain('"msg"');
  });
});

describe('an error in the log', () => {
  it.each(['err', 'error', 'cause'])(
    'under %s tells its type, message, code and stack, never the request',
    (field) => {
      const { log, lines, last } = written();
      log.error({ [field]: clientError() }, 'the call failed');
      expect(last()).toMatchObject({
        [field]: { type: 'Error', message: 'Request failed with status code 500', code: 'ERR_BAD_RESPONSE' },
      });
      expect(lines.join('')).toContain('pino-log.spec');
      expect(lines.join('')).not.toMatch(/sesame|config|authorization/);
    },
  );

  it('tells its causes the same way, even where it is its own', () => {
    const { log, lines, last } = written();
    const circular = new Error('outer', { cause: clientError() });
    (circular.cause as Error).cause = circular;
    log.error({ err: circular }, 'x');
    expect(last()).toMatchObject({ err: { message: 'outer', cause: { code: 'ERR_BAD_RESPONSE' } } });
    expect(lines.join('')).not.toContain('sesame');
  });
});

describe('a secret', () => {
  it.each([
    { secretKey: 'sesame' },
    { userSig: 'sesame' },
    { password: 'sesame' },
    { sasl: { password: 'sesame' } },
    { settings: { tencent: { secretKey: 'sesame' } } },
    { headers: { authorization: 'Bearer sesame' } },
    { err: new Error('connect postgresql://usher:sesame@db/usher failed') },
    { err: new Error('GET /v4/x?sdkappid=1&usersig=sesame&random=2') },
    { url: 'https://api/v4?usersig=sesame' },
    { detail: '{"UserSig":"sesame"}' },
  ])('in %j is masked', (fields) => {
    const { log, lines } = written();
    log.warn(fields, 'x');
    expect(lines.join('')).not.toContain('sesame');
    expect(lines.join('')).toContain('***');
  });

  it('in the message is masked, and only the secret', () => {
    const { log, last } = written();
    log.info({}, 'POST https://api/v4?usersig=sesame&random=7 as postgres://u:sesame@db:5432/x');
    expect(last()).toMatchObject({
      msg: 'POST https://api/v4?usersig=***&random=7 as postgres://u:***@db:5432/x',
    });
  });
});
