import { Controller, Get, Module, Post } from '@nestjs/common';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { Test } from '@nestjs/testing';
import { Clock, Vital, Vitals } from '../../src/commands/ports.js';
import { HttpModule } from '../../src/http/http.module.js';
import { Log } from '../../src/telemetry/log.js';
import { Metrics } from '../../src/telemetry/metrics.js';

/** A part whose health a test decides. */
export class FakeVital extends Vital {
  missing: () => Promise<string | null> = () => Promise.resolve(null);
  progress: number | null = null;

  constructor(readonly name: string) {
    super();
  }

  ready(): Promise<string | null> {
    return this.missing();
  }

  lastProgress(): number | null {
    return this.progress;
  }
}

/** Time that stands still until a test moves it. */
export class StandingClock extends Clock {
  at = 1_000_000;

  now(): number {
    return this.at;
  }

  monotonic(): number {
    return this.at;
  }

  wait(): Promise<void> {
    return Promise.resolve();
  }
}

/** Keeps the errors that are logged. */
export class KeptErrors extends Log {
  readonly errors: Record<string, unknown>[] = [];

  debug(): void {
    // Not looked at.
  }

  info(): void {
    // Not looked at.
  }

  warn(): void {
    // Not looked at.
  }

  error(fields: Record<string, unknown>): void {
    this.errors.push(fields);
  }
}

/** A route that breaks and one that takes a body: later routes will do both. */
@Controller('trial')
class TrialController {
  @Get('bug')
  bug(): never {
    throw new Error('password=sesame');
  }

  @Post('body')
  body(): string {
    return 'taken';
  }
}

@Module({ controllers: [TrialController] })
class TrialModule {}

/** The HTTP side alone, with these parts behind it. */
export async function served(...vitals: readonly Vital[]) {
  const clock = new StandingClock();
  const log = new KeptErrors();
  const metrics = new Metrics();
  @Module({
    providers: [
      { provide: Vitals, useValue: new Vitals(vitals) },
      { provide: Clock, useValue: clock },
      { provide: Log, useValue: log },
      { provide: Metrics, useValue: metrics },
    ],
    exports: [Vitals, Clock, Log, Metrics],
  })
  class Around {}
  const testing = await Test.createTestingModule({
    imports: [{ module: Around, global: true }, HttpModule, TrialModule],
  }).compile();
  const app = testing.createNestApplication<NestFastifyApplication>(new FastifyAdapter());
  await app.init();
  return { app, clock, log, metrics };
}
