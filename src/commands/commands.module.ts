import { Module } from '@nestjs/common';
import { CqrsModule } from '@nestjs/cqrs';
import { Lanes } from './lanes.js';
import { PickHandler } from './pick.command.js';
import { RejectInvalidHandler } from './reject-invalid.command.js';
import { SettleRequest } from './settle-request.js';

/** The story. Needs every port of `ports.ts` from global modules. */
@Module({
  imports: [CqrsModule],
  providers: [Lanes, SettleRequest, PickHandler, RejectInvalidHandler],
  exports: [Lanes],
})
export class CommandsModule {}
