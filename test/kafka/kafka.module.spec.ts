import { Global, Module } from '@nestjs/common';
import { CommandHandler, CqrsModule } from '@nestjs/cqrs';
import type { ICommandHandler } from '@nestjs/cqrs';
import { Test } from '@nestjs/testing';
import { PickCommand } from '../../src/commands/pick.command.js';
import { Clock, DeadLetterRecords, OutcomePublisher } from '../../src/commands/ports.js';
import { RejectInvalidCommand } from '../../src/commands/reject-invalid.command.js';
import { AppSettings } from '../../src/config/app-settings.js';
import { KafkaIntake } from '../../src/kafka/kafka.intake.js';
import { KafkaModule } from '../../src/kafka/kafka.module.js';
import { KafkaOutcomePublisher } from '../../src/kafka/outcome.publisher.js';
import { RequestIntake } from '../../src/kafka/request.intake.js';
import { Log } from '../../src/telemetry/log.js';
import { Metrics } from '../../src/telemetry/metrics.js';
import { settingsWith } from '../config/environments.js';
import { MachineClock } from './clocks.js';
import { FakeDeadLetterRecords } from './fake-dead-letter-records.js';
import { RecordedLog } from './recorded-log.js';
import { goodPick, readInvalid, readPick } from './records.js';

const handled: string[] = [];

@CommandHandler(PickCommand)
class PickSeen implements ICommandHandler<PickCommand> {
  execute({ request }: PickCommand): Promise<'settled'> {
    handled.push(`pick ${request.requestId}`);
    return Promise.resolve('settled');
  }
}

@CommandHandler(RejectInvalidCommand)
class InvalidSeen implements ICommandHandler<RejectInvalidCommand> {
  execute({ request }: RejectInvalidCommand): Promise<'id-reused'> {
    handled.push(`invalid ${request.requestId}`);
    return Promise.resolve('id-reused');
  }
}

@Global()
@Module({
  imports: [CqrsModule.forRoot()],
  providers: [
    PickSeen,
    InvalidSeen,
    Metrics,
    { provide: AppSettings, useFactory: () => settingsWith({}) },
    { provide: Log, useClass: RecordedLog },
    { provide: Clock, useClass: MachineClock },
    { provide: DeadLetterRecords, useClass: FakeDeadLetterRecords },
  ],
  exports: [Metrics, AppSettings, Log, Clock, DeadLetterRecords],
})
class Surroundings {}

describe('the Kafka module', () => {
  it('provides the publisher as the port, and hands requests to the command bus before it returns', async () => {
    const module = await Test.createTestingModule({ imports: [Surroundings, KafkaModule] }).compile();
    await module.init();
    expect(module.get(OutcomePublisher)).toBe(module.get(KafkaOutcomePublisher));
    expect(await module.get(KafkaIntake).ready()).toMatch(/not joined yet/);
    expect(module.get(KafkaIntake).lastProgress()).toBeNull();
    const intake = module.get(RequestIntake);
    const answers = [
      intake.take(readPick(goodPick)),
      intake.take(readInvalid({ ...goodPick, requestId: 'req-2', type: 'kick' })),
    ];
    expect(handled).toEqual(['pick req-1', 'invalid req-2']);
    expect(await Promise.all(answers)).toEqual(['settled', 'id-reused']);
    await module.close();
  });
});
