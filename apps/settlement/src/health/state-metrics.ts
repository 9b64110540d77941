import { Gauge, type Registry } from 'prom-client';
import { type Engine, envelopeOf, type ProjectionStatus, type ReadModels } from '#libs/application';

type Asked = Readonly<{
  engine: Pick<Engine, 'log' | 'readiness'>;
  readModels: Pick<ReadModels, 'status' | 'owedVoucherCount'>;
  nowMs: () => number;
}>;

/** While nobody can be asked, what was last known is told with the reason. */
const isAway = ({ state, detail }: ProjectionStatus): boolean => state === 'catchingUp' && detail !== null;

/** Figures of how things stand, asked for when somebody reads them. */
export class StateMetrics {
  private readonly events: Gauge;
  private readonly ready: Gauge;
  private readonly lagEvents: Gauge<'projection'>;
  private readonly lagSeconds: Gauge<'projection'>;
  private readonly failed: Gauge<'projection'>;
  private readonly away: Gauge;
  private readonly vouchersOwed: Gauge;

  constructor(
    registry: Registry,
    private readonly asked: Asked,
  ) {
    const registers = [registry];
    const ofProjections = { labelNames: ['projection'] as const, registers };
    this.events = new Gauge({ name: 'yika_log_events', help: 'Events in the log, as a number', registers });
    this.ready = new Gauge({ name: 'yika_ready', help: '1 when the engine takes swipes, 0 when /health/ready says why not', registers });
    this.lagEvents = new Gauge({
      name: 'yika_projection_lag_events',
      help: 'Events that a projection is behind the log, as a number',
      ...ofProjections,
    });
    this.lagSeconds = new Gauge({
      name: 'yika_projection_lag_seconds',
      help: 'Age of the oldest event that a projection does not have yet, in seconds; 0 when it has all',
      ...ofProjections,
    });
    this.away = new Gauge({
      name: 'yika_projections_away',
      help: '1 when the read models cannot be asked or cannot follow the log: lists and totals are old or not answered, else 0',
      registers,
    });
    this.vouchersOwed = new Gauge({
      name: 'yika_vouchers_owed',
      help: 'Acts at counters whose voucher has not been issued yet, as a number; a stop in between leaves them until the next round',
      registers,
    });
    this.failed = new Gauge({
      name: 'yika_projection_failed',
      help: '1 when a projection has stopped at an event that it cannot take, else 0',
      ...ofProjections,
    });
  }

  /** Throws: never; what cannot be asked keeps its last figure, and `yika_ready` is 0 or `yika_projections_away` is 1. */
  async refresh(): Promise<void> {
    const { engine, readModels } = this.asked;
    const [last, readiness, projections, owed] = await Promise.allSettled([
      engine.log.last(),
      engine.readiness(),
      readModels.status(),
      readModels.owedVoucherCount(),
    ]);
    if (last.status === 'fulfilled') this.events.set(last.value + 1);
    this.ready.set(readiness.status === 'fulfilled' && readiness.value.ready ? 1 : 0);
    if (owed.status === 'fulfilled') this.vouchersOwed.set(owed.value);
    const known = projections.status === 'fulfilled' ? projections.value : [];
    this.away.set(known.length === 0 || known.some(isAway) ? 1 : 0);
    const lastLogIndex = last.status === 'fulfilled' ? last.value : -1;
    await Promise.all(known.map((one) => this.setProjection(one, lastLogIndex)));
  }

  /** One that is away says how far behind it was when it was last asked: what came to the log since is counted here. */
  private async setProjection({ name, behind: told, logIndex, state }: ProjectionStatus, lastLogIndex: number): Promise<void> {
    const projection = { projection: name };
    const behind = Math.max(told, lastLogIndex - logIndex);
    this.lagEvents.set(projection, behind);
    this.failed.set(projection, state === 'failed' ? 1 : 0);
    const seconds = behind > 0 ? await this.ageOf(logIndex + 1).catch(() => undefined) : 0;
    if (seconds !== undefined) this.lagSeconds.set(projection, seconds);
  }

  private async ageOf(logIndex: number): Promise<number> {
    for await (const event of this.asked.engine.log.read(logIndex)) {
      return Math.max(0, this.asked.nowMs() - Date.parse(envelopeOf(event).decidedAt)) / 1_000;
    }
    return 0;
  }
}
