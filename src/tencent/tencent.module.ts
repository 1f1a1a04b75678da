import { Global, Module } from '@nestjs/common';
import { CallPlaces, RoomEngine } from '../commands/ports.js';
import { TencentRoomEngine } from './tencent-room-engine.js';

/** Tencent as the ports `RoomEngine` and `CallPlaces`. Needs `AppSettings`, `Clock`, `Metrics` and `Log` from global modules. */
@Global()
@Module({
  providers: [
    TencentRoomEngine,
    { provide: RoomEngine, useExisting: TencentRoomEngine },
    {
      provide: CallPlaces,
      useFactory: ({ places }: TencentRoomEngine) => places,
      inject: [TencentRoomEngine],
    },
  ],
  exports: [RoomEngine, CallPlaces],
})
export class TencentModule {}
