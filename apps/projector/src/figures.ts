import { collectDefaultMetrics, Gauge, Registry } from 'prom-client';
import type { ProjectorStatus } from '#libs/adapters/read-models';
import { type EventReader, envelopeOf } from '#libs/application';

type Asked = Readonly<{ status: () => Promise<ProjectorStatus>; reader: EventReader; nowMs: () => number }>;

/** What a projector tells about itself and the lag of its projections, asked for when somebody reads it. */
export class ProjectorFigures {
  readonly registry = new Registry();
  private readonly leads = this.gauge('yika_projector_leads', '1 when this process writes the read models, 0 when it stands by');
  private readonly away = this.gauge('yika_projections_away', '1 when log or database cannot be asked, else 0');
  private readonly events = this.gauge('yika_log_events', 'Events in the log, as a number');
  private readonly lagEvents = this.perProjection('yika_projection_lag_events', 'Events that a projection is behind the log, as a number');
  private readonly lagSeconds = this.perProjection(
    'yika_projection_lag_seconds',
    'Age of the oldest event that a projection does not have yet, in seconds; 0 when it has all',
  );
  private readonly failed = this.perProjection(
    'yika_projection_failed',
    '1 when a projection has stopped at an event that it cannot take, else 0',
  );

  constructor(private readonly asked: Asked) {}

  /** Of the process as a whole; once a process. */
  watchProcess(): void {
    collectDefaultMetrics({ register: this.registry, prefix: 'yika_' });
  }

  /** Throws: never; what cannot be asked keeps its last figure, and `yika_projections_away` is 1. */
  async text(): Promise<string> {
    try {
      const { leads, lastLogIndex, projections } = await this.asked.status();
      this.leads.set(leads ? 1 : 0);
      this.events.set(lastLogIndex + 1);
      const ages = new Map<number, Promise<number>>();
      for (const { name, behind, logIndex, state } of projections) {
        const projection = { projection: name };
        this.lagEvents.set(projection, behind);
        this.failed.set(projection, state === 'failed' ? 1 : 0);
        const age = behind === 0 ? Promise.resolve(0) : (ages.get(logIndex) ?? this.ageOf(logIndex + 1));
        ages.set(logIndex, age);
        this.lagSeconds.set(projection, await age);
      }
      this.away.set(0);
    } catch {
      this.away.set(1);
    }
    return this.registry.metrics();
  }

  private async ageOf(logIndex: number): Promise<number> {
    for await (const event of this.asked.reader.readLog(logIndex)) {
      return Math.max(0, this.asked.nowMs() - Date.parse(envelopeOf(event).decidedAt)) / 1_000;
    }
    return 0;
  }

  private gauge(name: string, help: string): Gauge {
    return new Gauge({ name, help, registers: [this.registry] });
  }

  private perProjection(name: string, help: string): Gauge<'projection'> {
    return new Gauge({ name, help, labelNames: ['projection'], registers: [this.registry] });
  }
}
