import { Global, Module } from '@nestjs/common';
import { AppSettings } from './app-settings.js';
import { settingsOfProcess } from './environment.js';

/** Provides `AppSettings` everywhere, from the environment of the process. */
@Global()
@Module({
  providers: [{ provide: AppSettings, useFactory: settingsOfProcess }],
  exports: [AppSettings],
})
export class ConfigModule {}
