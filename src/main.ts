import 'reflect-metadata';
import { setTimeout as sleep } from 'node:timers/promises';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { AppModule } from './app.module.js';
import { ConfigurationError } from './config/configuration-error.js';
import { settingsOfProcess } from './config/environment.js';
import { masked } from './config/masked.js';
import type { Settings } from './config/settings.js';
import { KafkaIntake } from './kafka/kafka.intake.js';
import { AbandonedClaims } from './postgres/abandoned-claims.js';
import { DatabaseClock } from './postgres/database-clock.js';
import { PostgresVital } from './postgres/postgres-vital.js';
import { Upkeep } from './postgres/upkeep.js';
import { shutDown } from './shut-down.js';
import { Log } from './telemetry/log.js';
import { NestLogs } from './telemetry/nest-logs.js';

/** sysexits.h: the configuration is wrong; starting again as it is will not help. */
const exitConfiguration = 78;

/** Whoever stops an instance waits 15 s; a broker or a database that says nothing must not make it longer. */
const exitWithinMs = 14_000;

/** Something that this instance needs is not there; its message says what, and what to do. */
class CannotStart extends Error {}

/** Boots one instance. Intake starts last and stops first. */
async function start(settings: Settings): Promise<void> {
  const app = await NestFactory.create<NestFastifyApplication>(AppModule, new FastifyAdapter(), {
    bufferLogs: true,
  });
  const log = app.get(Log);
  app.useLogger(app.get(NestLogs));
  log.info({ settings: masked(settings) }, 'starting');

  let stopping: Promise<void> | null = null;
  const end = (code: number, reason: string): void => {
    const patience = sleep(exitWithinMs).then(() => {
      log.warn(
        { exitWithinMs },
        'not everything ended in time; what was left open is settled by the next owner',
      );
    });
    stopping ??= Promise.race([shutDown(app, reason), patience]).then(() => process.exit(code));
  };
  process.on('SIGTERM', () => {
    end(0, 'SIGTERM');
  });
  process.on('SIGINT', () => {
    end(0, 'SIGINT');
  });

  // First, so that whoever asks for its health is told what it waits for.
  await app.listen(settings.http.port, settings.http.host);
  const missing = await app.get(PostgresVital).whenReached();
  if (missing !== null) throw new CannotStart(`The database is not ready: ${missing}.`);
  await app.get(DatabaseClock).start();
  app.get(Upkeep).start();
  app.get(AbandonedClaims).start();
  const intake = app.get(KafkaIntake);
  await intake
    .start((reason) => {
      end(1, reason.message);
    })
    .catch((error: unknown) => {
      const said = (error as Error).message.replace(/\.+$/, '');
      throw new CannotStart(`Kafka cannot be used: ${said}. If it cannot be reached, check KAFKA_BROKERS.`);
    });
  log.info({ http: await app.getUrl() }, 'taking requests in');
}

try {
  await start(settingsOfProcess());
} catch (error) {
  const isConfiguration = error instanceof ConfigurationError;
  const isTold = isConfiguration || error instanceof CannotStart;
  process.stderr.write(
    `${error instanceof Error ? (!isTold && error.stack) || error.message : String(error)}\n`,
  );
  process.exit(isConfiguration ? exitConfiguration : 1);
}
