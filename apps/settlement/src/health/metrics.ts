import { Injectable } from '@nestjs/common';
import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';
import type { Answer, ProjectionStatus } from '#libs/application';

/** Figures for who watches the engine. Labels are route patterns and codes of the catalogue: never a value of a request. */
@Injectable()
export class DoorMetrics {
  readonly registry = new Registry();
  private readonly durations = new Histogram({
    name: 'yika_http_request_duration_seconds',
    help: 'Time from the head of a request to the end of its answer, in seconds',
    labelNames: ['method', 'route', 'status'] as const,
    buckets: [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
    registers: [this.registry],
  });
  private readonly inFlight = new Gauge({
    name: 'yika_http_requests_in_flight',
    help: 'Requests under way, as a number',
    registers: [this.registry],
  });
  private readonly settled = new Counter({
    name: 'yika_settlements_total',
    help: 'Settled swipes answered, as a number; replayed: repeats that got the first answer again',
    labelNames: ['replayed'] as const,
    registers: [this.registry],
  });
  private readonly refused = new Counter({
    name: 'yika_settlements_refused_total',
    help: 'Refused swipes by primary reason, as a number',
    labelNames: ['code'] as const,
    registers: [this.registry],
  });
  private readonly unanswered = new Counter({
    name: 'yika_settlements_unanswered_total',
    help: 'Swipes answered with 503, by cause, as a number',
    labelNames: ['cause'] as const,
    registers: [this.registry],
  });
  private readonly rateExceeded = new Counter({
    name: 'yika_http_rate_exceeded_total',
    help: 'Requests turned away with 429, as a number',
    registers: [this.registry],
  });
  private readonly logEvents = new Gauge({ name: 'yika_log_events', help: 'Events in the log, as a number', registers: [this.registry] });
  private readonly lag = new Gauge({
    name: 'yika_projection_lag_events',
    help: 'Events that a projection is behind the log, as a number',
    labelNames: ['projection'] as const,
    registers: [this.registry],
  });

  constructor() {
    collectDefaultMetrics({ register: this.registry, prefix: 'yika_' });
  }

  requestBegan = (): void => this.inFlight.inc();
  requestEnded = (): void => this.inFlight.dec();
  requestAnswered = (method: string, route: string, answer: Readonly<{ status: number; seconds: number }>): void =>
    this.durations.observe({ method, route, status: String(answer.status) }, answer.seconds);
  countRateExceeded = (): void => this.rateExceeded.inc();

  countSettlement(answer: Answer<unknown>): void {
    if (answer.kind === 'done') this.settled.inc({ replayed: String(answer.replayed) });
    else if (answer.kind === 'refused') this.refused.inc({ code: answer.reasons[0].code });
    else this.unanswered.inc({ cause: answer.kind === 'unavailable' ? answer.cause : answer.kind });
  }

  /** The text that Prometheus reads. */
  async text(lastLogIndex: number, projections: readonly ProjectionStatus[]): Promise<string> {
    this.logEvents.set(lastLogIndex + 1);
    for (const { name, behind } of projections) this.lag.set({ projection: name }, behind);
    return this.registry.metrics();
  }
}
