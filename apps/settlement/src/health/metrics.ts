import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';
import type { Answer } from '#libs/application';
import type { TurnedAway } from '../auth/key-check';
import type { DoorCode } from '../problem/door-catalogue';

type Answered = Readonly<{ status: number; seconds: number }>;

/** Figures for who watches the door. Labels are route patterns and codes of the catalogue: never a value of a request. */
export class DoorMetrics {
  readonly registry = new Registry();
  private readonly registers = [this.registry];
  private readonly durations = new Histogram({
    name: 'yika_http_request_duration_seconds',
    help: 'Time from the head of a request to the end of its answer, in seconds',
    labelNames: ['method', 'route', 'status'] as const,
    buckets: [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
    registers: this.registers,
  });
  private readonly inFlight = new Gauge({
    name: 'yika_http_requests_in_flight',
    help: 'Requests under way, as a number',
    registers: this.registers,
  });
  private readonly settled = new Counter({
    name: 'yika_settlements_total',
    help: 'Settled swipes answered, as a number; replayed: repeats that got the first answer again',
    labelNames: ['replayed'] as const,
    registers: this.registers,
  });
  private readonly refused = new Counter({
    name: 'yika_settlements_refused_total',
    help: 'Refused swipes by primary reason, as a number',
    labelNames: ['code'] as const,
    registers: this.registers,
  });
  private readonly unanswered = new Counter({
    name: 'yika_settlements_unanswered_total',
    help: 'Swipes answered with 503 or told to wait, by cause, as a number',
    labelNames: ['cause'] as const,
    registers: this.registers,
  });
  private readonly turnedAway = new Counter({
    name: 'yika_http_rate_exceeded_total',
    help: 'Requests turned away with 429 by the limit that they met, as a number',
    labelNames: ['limit'] as const,
    registers: this.registers,
  });
  private readonly broken = new Counter({
    name: 'yika_http_broken_requests_total',
    help: 'What came in and was no request that could be read, by the code that it was answered with, as a number',
    labelNames: ['code'] as const,
    registers: this.registers,
  });
  private readonly cut = new Counter({
    name: 'yika_http_slow_clients_total',
    help: 'Requests ended because their client kept the door waiting, by cause, as a number',
    labelNames: ['cause'] as const,
    registers: this.registers,
  });
  private readonly connectionsRefused = new Counter({
    name: 'yika_http_connections_refused_total',
    help: 'Connections that found no room, as a number',
    registers: this.registers,
  });

  constructor() {
    for (const limit of ['key', 'unknownKeys', 'streams', 'openPages'] as const) this.turnedAway.inc({ limit }, 0);
    for (const cause of ['slowBody', 'stalled'] as const) this.cut.inc({ cause }, 0);
    for (const replayed of ['true', 'false']) this.settled.inc({ replayed }, 0);
  }

  /** Of the process as a whole; once a process, for it watches the loop from then on. */
  watchProcess(): void {
    collectDefaultMetrics({ register: this.registry, prefix: 'yika_' });
  }

  requestBegan = (): void => this.inFlight.inc();
  requestEnded = (): void => this.inFlight.dec();
  requestAnswered = (method: string, route: string, { status, seconds }: Answered): void =>
    this.durations.observe({ method, route, status: String(status) }, seconds);
  countTurnedAway = (limit: TurnedAway): void => this.turnedAway.inc({ limit });
  countBroken = (code: DoorCode): void => this.broken.inc({ code });
  countCut = (cause: 'slowBody' | 'stalled'): void => this.cut.inc({ cause });
  countConnectionRefused = (): void => this.connectionsRefused.inc();

  /** `count`: how many connections are open now. */
  watchConnections(count: () => Promise<number>): void {
    new Gauge({
      name: 'yika_http_connections',
      help: 'Connections open at the public door, as a number',
      registers: this.registers,
      async collect() {
        this.set(await count());
      },
    });
  }

  countSettlement(answer: Answer<unknown>): void {
    if (answer.kind === 'done') this.settled.inc({ replayed: String(answer.replayed) });
    else if (answer.kind === 'refused') this.refused.inc({ code: answer.reasons[0].code });
    else this.unanswered.inc({ cause: answer.kind === 'unavailable' ? answer.cause : answer.kind });
  }
}
