import type { SeatRequest } from '../seating/seat-request.js';

/** Where requests go. Calls are made in offset order; each resolves once the outcome is published. */
export abstract class RequestIntake {
  abstract take(request: SeatRequest): Promise<'settled' | 'id-reused'>;
}
