import { Controller, Get, Header } from '@nestjs/common';
import { Metrics } from '../telemetry/metrics.js';

/** For Prometheus. */
@Controller('metrics')
export class MetricsController {
  constructor(private readonly metrics: Metrics) {}

  /** Every metric, as text. */
  @Get()
  @Header('content-type', Metrics.contentType)
  read(): Promise<string> {
    return this.metrics.exposition();
  }
}
