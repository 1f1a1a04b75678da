import type { INestApplicationContext } from '@nestjs/common';
import { Lanes } from './commands/lanes.js';
import { DeadLetters } from './kafka/dead-letters.js';
import { KafkaIntake } from './kafka/kafka.intake.js';
import { KafkaOutcomePublisher } from './kafka/outcome.publisher.js';
import { AbandonedClaims } from './postgres/abandoned-claims.js';
import { Database } from './postgres/database.js';
import { DatabaseClock } from './postgres/database-clock.js';
import { Upkeep } from './postgres/upkeep.js';
import { Log } from './telemetry/log.js';

/** A call in flight ends within its own timeout of 5 s; what is left of the promised 15 s is for the record and the commit. */
const finishWithinMs = 9_000;

/**
 * Stops taking in, lets calls in flight finish, be recorded and published, commits, and leaves. Whoever only waited is left
 * to the next owner of the partition.
 */
export async function shutDown(app: INestApplicationContext, reason: string): Promise<void> {
  const log = app.get(Log);
  log.info({ reason }, 'stopping');
  app.get(Upkeep).stop();
  app.get(AbandonedClaims).stop();
  app.get(KafkaIntake).stop();
  app.get(Lanes).stop();
  await app.get(KafkaIntake).finish(finishWithinMs);
  await Promise.all([app.get(KafkaOutcomePublisher).stop(), app.get(DeadLetters).stop()]);
  app.get(DatabaseClock).stop();
  await app.close();
  await app.get(Database).close();
  log.info({}, 'stopped');
}
