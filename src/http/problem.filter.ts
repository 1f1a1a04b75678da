import { Catch, HttpException } from '@nestjs/common';
import type { ArgumentsHost, ExceptionFilter } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import { Log } from '../telemetry/log.js';
import { Problem, problemDetails } from './problem.js';
import type { ProblemDetails } from './problem.js';

/** Every error of the HTTP side leaves as problem details; what nobody foresaw is logged and told to nobody. */
@Catch()
export class ProblemFilter implements ExceptionFilter {
  constructor(
    private readonly host: HttpAdapterHost,
    private readonly log: Log,
  ) {}

  catch(error: unknown, context: ArgumentsHost): void {
    const details = this.details(error);
    const response: unknown = context.switchToHttp().getResponse();
    const { httpAdapter } = this.host;
    httpAdapter.setHeader(response, 'content-type', 'application/problem+json');
    httpAdapter.reply(response, JSON.stringify(details), details.status);
  }

  private details(error: unknown): ProblemDetails {
    if (error instanceof Problem) return problemDetails(error.status, error.detail, error.missing);
    // Nest turns the refusals of the server itself (unknown route, unreadable or too large body) into these.
    if (error instanceof HttpException) return problemDetails(error.getStatus(), error.message);
    this.log.error({ err: error }, 'an HTTP request failed for a reason nobody foresaw');
    return problemDetails(500);
  }
}
