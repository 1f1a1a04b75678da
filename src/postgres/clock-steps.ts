import { Injectable } from '@nestjs/common';
import { AppSettings } from '../config/app-settings.js';
import { Log } from '../telemetry/log.js';
import { Database } from './database.js';
import { DatabaseClock } from './database-clock.js';
import { holdMs } from './gate.js';
import { holdStatement } from './statements/others.js';

/** When the database's clock was set, every budget holds off: slots of the old time and of the new must not overlap. */
@Injectable()
export class ClockSteps {
  constructor(database: Database, clock: DatabaseClock, settings: AppSettings, log: Log) {
    clock.onStep(() => {
      log.warn({ holdMs }, "the database's clock was set: no calls until the old slots are past");
      database.run(holdStatement, [settings.tencent.sdkAppId, holdMs]).catch((error: unknown) => {
        log.warn({ error: String(error) }, 'the budgets could not be held');
      });
    });
  }
}
