import { Global, Module } from '@nestjs/common';
import { RoomEngine } from '../commands/ports.js';
import { TencentRoomEngine } from './tencent-room-engine.js';

/** Tencent as the port `RoomEngine`. Needs `AppSettings`, `Clock`, `Metrics` and `Log` from global modules. */
@Global()
@Module({
  providers: [{ provide: RoomEngine, useClass: TencentRoomEngine }],
  exports: [RoomEngine],
})
export class TencentModule {}
