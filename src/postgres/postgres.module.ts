import { Global, Module } from '@nestjs/common';
import { Clock, DeadLetterRecords, SeatRecords } from '../commands/ports.js';
import { AbandonedClaims } from './abandoned-claims.js';
import { Claims } from './claims.js';
import { ClockSteps } from './clock-steps.js';
import { Database } from './database.js';
import { DatabaseClock } from './database-clock.js';
import { PostgresDeadLetterRecords } from './postgres-dead-letter-records.js';
import { PostgresSeatRecords } from './postgres-seat-records.js';
import { PostgresVital } from './postgres-vital.js';
import { Upkeep } from './upkeep.js';

/** Postgres as the ports `SeatRecords`, `DeadLetterRecords` and `Clock`. Needs `AppSettings`, `Metrics` and `Log`. */
@Global()
@Module({
  providers: [
    Database,
    DatabaseClock,
    ClockSteps,
    Claims,
    PostgresVital,
    Upkeep,
    AbandonedClaims,
    { provide: Clock, useExisting: DatabaseClock },
    { provide: SeatRecords, useClass: PostgresSeatRecords },
    { provide: DeadLetterRecords, useClass: PostgresDeadLetterRecords },
  ],
  exports: [
    Clock,
    SeatRecords,
    DeadLetterRecords,
    Database,
    DatabaseClock,
    PostgresVital,
    Upkeep,
    AbandonedClaims,
  ],
})
export class PostgresModule {}
