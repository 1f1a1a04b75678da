import { Command, CommandHandler } from '@nestjs/cqrs';
import type { ICommandHandler } from '@nestjs/cqrs';
import { rejectInvalid } from '../seating/reject-invalid.js';
import type { InvalidRequest } from '../seating/seat-request.js';
import { SettleRequest } from './settle-request.js';
import type { Settled } from './settle-request.js';

/** Answer a request that can be told apart but not understood. */
export class RejectInvalidCommand extends Command<Settled> {
  constructor(readonly request: InvalidRequest) {
    super();
  }
}

/** Settles an invalid request by its errors alone. */
@CommandHandler(RejectInvalidCommand)
export class RejectInvalidHandler implements ICommandHandler<RejectInvalidCommand> {
  constructor(private readonly settle: SettleRequest) {}

  execute({ request }: RejectInvalidCommand): Promise<Settled> {
    return this.settle.settle(request, () => rejectInvalid(request));
  }
}
