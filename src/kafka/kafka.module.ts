import { Global, Module } from '@nestjs/common';
import { CqrsModule } from '@nestjs/cqrs';
import { OutcomePublisher } from '../commands/ports.js';
import { BatchIntake } from './batch.intake.js';
import { CommandIntake } from './command.intake.js';
import { DeadLetters } from './dead-letters.js';
import { KafkaConnection } from './kafka.connection.js';
import { KafkaIntake } from './kafka.intake.js';
import { MisroutedRooms } from './misrouted.rooms.js';
import { KafkaOutcomePublisher } from './outcome.publisher.js';
import { Reception } from './reception.js';
import { RequestIntake } from './request.intake.js';

/**
 * Kafka: requests in, outcomes and dead letters out. Wants `AppSettings`, `Log`, `Metrics`, `Clock` and
 * `DeadLetterRecords` from modules that provide them everywhere.
 */
@Global()
@Module({
  imports: [CqrsModule],
  providers: [
    KafkaConnection,
    MisroutedRooms,
    DeadLetters,
    Reception,
    BatchIntake,
    KafkaIntake,
    KafkaOutcomePublisher,
    { provide: OutcomePublisher, useExisting: KafkaOutcomePublisher },
    { provide: RequestIntake, useClass: CommandIntake },
  ],
  exports: [OutcomePublisher, KafkaOutcomePublisher, DeadLetters, KafkaIntake],
})
export class KafkaModule {}
