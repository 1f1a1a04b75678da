import { Command, CommandHandler } from '@nestjs/cqrs';
import type { ICommandHandler } from '@nestjs/cqrs';
import { pick } from '../seating/pick.js';
import type { PickRequest } from '../seating/seat-request.js';
import { SettleRequest } from './settle-request.js';
import type { Settled } from './settle-request.js';

/** Put a member on a seat. */
export class PickCommand extends Command<Settled> {
  constructor(readonly request: PickRequest) {
    super();
  }
}

/** Settles a pick by the rule for picks. */
@CommandHandler(PickCommand)
export class PickHandler implements ICommandHandler<PickCommand> {
  constructor(private readonly settle: SettleRequest) {}

  execute({ request }: PickCommand): Promise<Settled> {
    return this.settle.settle(request, (sight) => pick(request, sight));
  }
}
