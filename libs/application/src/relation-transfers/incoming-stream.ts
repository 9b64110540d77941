import { businessDateOf, type Recorded } from '#libs/kernel';
import {
  decodeRelationInEvent,
  encodeRelationInEvent,
  type RelationInCommand,
  type RelationInEvent,
  type RelationInFacts,
  type RelationInRefusal,
  type RelationInState,
  relationIn,
  relationInStream,
  workingDayAfter,
} from '#libs/medical-account';
import { answerOf } from '../answers';
import type { Answer } from '../engine';
import type { Tracing } from '../envelope';
import { CommandRunner, type StreamParts } from '../streams/command-runner';
import type { Gathered, WantedClaim } from '../streams/request';
import { type PoliciesOf, packOf } from './deadlines';

type RelationInRunner = CommandRunner<RelationInCommand, RelationInEvent, RelationInState, RelationInRefusal, RelationInFacts>;
const runnerOf = (parts: StreamParts): RelationInRunner =>
  new CommandRunner({
    ...parts,
    cacheBytes: 8_000_000,
    aggregate: {
      decider: relationIn,
      decode: decodeRelationInEvent,
      encode: { event: encodeRelationInEvent },
      sizeOf: ({ answers }) => 2_000 + answers.size * 800,
    },
  });

/** `poolingArea`: of a message, whose pack says by when it is credited; not of the engine's own steps. */
type Of = Readonly<{ poolingArea?: string; claims?: readonly WantedClaim[] }>;

/** The streams of relations that come from elsewhere. Idempotency: by the command's key. Throws: on outage. */
export class RelationInStreams {
  private readonly runner: RelationInRunner;

  constructor(
    streams: StreamParts,
    private readonly policiesOf: PoliciesOf,
  ) {
    this.runner = runnerOf(streams);
  }

  load(transferInId: string) {
    return this.runner.load(relationInStream(transferInId));
  }

  async run(
    command: RelationInCommand,
    tracing: Tracing,
    { poolingArea = '', claims = [] }: Of = {},
  ): Promise<Answer<Recorded<RelationInEvent>>> {
    const stream = relationInStream(command.data.transferInId);
    const gather = async (_state: RelationInState, decidedAt: string): Promise<Gathered<RelationInFacts>> => {
      const facts: RelationInFacts = { decidedAt, credit: poolingArea === '' ? null : await this.creditBy(poolingArea, decidedAt) };
      return { facts, recordedFacts: facts, claims };
    };
    const outcome = await this.runner.run({ stream, key: command.data.key, command, gather, tracing, lane: 'interactive' });
    return answerOf<RelationInEvent, Recorded<RelationInEvent>>(
      outcome,
      async (events) => events[0],
      async (original) => original,
    );
  }

  private async creditBy(poolingArea: string, decidedAt: string): Promise<RelationInFacts['credit']> {
    const policy = await packOf(this.policiesOf, poolingArea, decidedAt);
    if (policy === null || policy.relationTransfer === null) return null;
    const { on: by, isProvisional } = workingDayAfter(businessDateOf(decidedAt), policy.relationTransfer.creditDays, policy);
    return { by, isProvisional, packId: policy.packId };
  }
}
