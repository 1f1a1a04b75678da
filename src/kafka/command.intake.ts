import { Injectable } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import { PickCommand } from '../commands/pick.command.js';
import { RejectInvalidCommand } from '../commands/reject-invalid.command.js';
import type { SeatRequest } from '../seating/seat-request.js';
import { RequestIntake } from './request.intake.js';

/** Hands requests to the story as commands. */
@Injectable()
export class CommandIntake extends RequestIntake {
  constructor(private readonly commands: CommandBus) {
    super();
  }

  override take(request: SeatRequest): Promise<'settled' | 'id-reused'> {
    switch (request.type) {
      case 'pick':
        return this.commands.execute(new PickCommand(request));
      case 'invalid':
        return this.commands.execute(new RejectInvalidCommand(request));
    }
  }
}
