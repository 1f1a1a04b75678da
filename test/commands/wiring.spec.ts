import { readdirSync } from 'node:fs';
import { Global, Module } from '@nestjs/common';
import type { INestApplicationContext } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import { Test } from '@nestjs/testing';
import { CommandsModule } from '../../src/commands/commands.module.js';
import {
  Clock,
  OutcomePublisher,
  RoomEngine,
  SeatRecords,
  SettlingPolicy,
} from '../../src/commands/ports.js';
import { PickCommand } from '../../src/commands/pick.command.js';
import { RejectInvalidCommand } from '../../src/commands/reject-invalid.command.js';
import { aPick, anInvalidRequest, pickOf } from '../support/builders/requests.js';
import { FakeClock } from '../support/fakes/fake-clock.js';
import { FakeOutcomePublisher } from '../support/fakes/fake-outcome-publisher.js';
import { FakeRoomEngine } from '../support/fakes/fake-room-engine.js';
import { FakeSeatRecords } from '../support/fakes/fake-seat-records.js';

const clock = new FakeClock();
const engine = new FakeRoomEngine(clock);
const outcomes = new FakeOutcomePublisher();
const freshness = { seatsMs: 2_000, absenceMs: 1_000, auditShare: 0 };

/** Every port of the story, in memory. */
const ports = [
  { provide: Clock, useValue: clock },
  { provide: SeatRecords, useValue: new FakeSeatRecords(clock) },
  { provide: RoomEngine, useValue: engine },
  { provide: OutcomePublisher, useValue: outcomes },
  { provide: SettlingPolicy, useValue: { freshness } },
];

@Global()
@Module({ providers: ports, exports: ports })
class FakePortsModule {}

/** One of each kind of command, by its file, with the outcome that its rule gives. */
const commands = {
  'pick.command.ts': [new PickCommand(aPick()), { status: 'done', decidedBy: 'tencent', index: 1 }],
  'reject-invalid.command.ts': [
    new RejectInvalidCommand(anInvalidRequest({ requestId: 'req-2' })),
    {
      status: 'rejected',
      reason: 'invalid-request',
      decidedBy: 'validation',
      errors: [{ pointer: '/index' }],
    },
  ],
} as const;

describe('the command bus', () => {
  let app: INestApplicationContext;
  let bus: CommandBus;

  beforeAll(async () => {
    engine.createRoom('room-test', { seats: 4, members: ['user2', 'user3'] });
    const module = await Test.createTestingModule({ imports: [FakePortsModule, CommandsModule] }).compile();
    app = await module.init();
    bus = app.get(CommandBus);
  });
  afterAll(() => app.close());

  it('is tried with every command there is', () => {
    const files = readdirSync(new URL('../../src/commands', import.meta.url));
    expect(Object.keys(commands).sort()).toEqual(files.filter((file) => file.endsWith('.command.ts')).sort());
  });

  it.each(Object.entries(commands))(
    'brings %s to its rule, and answers when the outcome is published',
    async (_, sent) => {
      const [command, outcome] = sent;
      expect(await bus.execute<PickCommand | RejectInvalidCommand, string>(command)).toBe('settled');
      expect(outcomes.bodies().at(-1)).toMatchObject({ requestId: command.request.requestId, ...outcome });
    },
  );

  it('takes places in the order of the commands: of two rivals the first one sent is seated', async () => {
    const sent = ['user3', 'user2'].map((member, at) => new PickCommand(pickOf(`rival-${at}`, member, 3)));
    await Promise.all(sent.map((command) => bus.execute(command)));
    expect(outcomes.bodies().slice(-2)).toMatchObject([
      { requestId: 'rival-0', status: 'done' },
      { requestId: 'rival-1', status: 'rejected' },
    ]);
  });
});
