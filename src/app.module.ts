import { Global, Module } from '@nestjs/common';
import { CommandsModule } from './commands/commands.module.js';
import { SettlingPolicy, Vitals } from './commands/ports.js';
import { AppSettings } from './config/app-settings.js';
import { ConfigModule } from './config/config.module.js';
import { HttpModule } from './http/http.module.js';
import { KafkaIntake } from './kafka/kafka.intake.js';
import { KafkaModule } from './kafka/kafka.module.js';
import { PostgresModule } from './postgres/postgres.module.js';
import { PostgresVital } from './postgres/postgres-vital.js';
import { TelemetryModule } from './telemetry/telemetry.module.js';
import { TencentModule } from './tencent/tencent.module.js';

/** "Room not found" and "not a member" are believed for so long: rooms are re-created, members enter. */
const absenceMs = 1000;

/** What the story and the health page need of the rest, put together. */
@Global()
@Module({
  providers: [
    {
      provide: SettlingPolicy,
      useFactory: ({ mirror }: AppSettings): SettlingPolicy => ({
        freshness: {
          seatsMs: mirror.maxAgeMs,
          absenceMs: Math.min(absenceMs, mirror.maxAgeMs),
          auditShare: mirror.auditShare,
        },
      }),
      inject: [AppSettings],
    },
    {
      provide: Vitals,
      useFactory: (postgres: PostgresVital, kafka: KafkaIntake) => new Vitals([postgres, kafka]),
      inject: [PostgresVital, KafkaIntake],
    },
  ],
  exports: [SettlingPolicy, Vitals],
})
class WiringModule {}

/** The composition root: every module, and nothing else. */
@Module({
  imports: [
    ConfigModule,
    TelemetryModule,
    PostgresModule,
    TencentModule,
    KafkaModule,
    WiringModule,
    CommandsModule,
    HttpModule,
  ],
})
export class AppModule {}
