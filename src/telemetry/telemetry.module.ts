import { Global, Module } from '@nestjs/common';
import { AppSettings } from '../config/app-settings.js';
import { Log } from './log.js';
import { Metrics } from './metrics.js';
import { NestLogs } from './nest-logs.js';
import { PinoLog } from './pino-log.js';

/** Provides `Log`, `Metrics` and `NestLogs` everywhere. */
@Global()
@Module({
  providers: [
    { provide: Log, useFactory: ({ log }: AppSettings) => new PinoLog(log), inject: [AppSettings] },
    { provide: Metrics, useFactory: () => new Metrics().observeProcess() },
    NestLogs,
  ],
  exports: [Log, Metrics, NestLogs],
})
export class TelemetryModule {}
