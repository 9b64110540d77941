import { Controller, Get, Inject, Query, Req, Res } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { Engine, LoggedEvent } from '#libs/application';
import { May } from '../auth/rights';
import { OptionalField } from '../form/field';
import * as rule from '../form/rules';
import { Streams } from '../ndjson/streams';
import { Answers } from '../openapi/answers';
import type { Reply, Request } from '../request';
import { ENGINE } from '../tokens';

export class EventsQueryDto {
  @OptionalField(rule.numeral(0, 1e15), { default: 0, description: 'Log index to begin with; one more than the last you have.' })
  from?: string;
  @OptionalField(rule.oneOf(['true', 'false']), { default: 'false', description: 'Go on with what is appended, until you leave.' })
  follow?: 'true' | 'false';
}

@ApiTags('log')
@Controller('v1/events')
export class LogController {
  constructor(
    @Inject(ENGINE) private readonly engine: Engine,
    @Inject(Streams) private readonly streams: Streams,
  ) {}

  /** The stored bytes verbatim, so that a reader can hash and prove what it gets. */
  @Get()
  @May('readLog')
  @Answers({ summary: 'The log, one canonical event a line', schema: 'LoggedEvent', ndjson: 'out' })
  read(@Query() { from = '0', follow }: EventsQueryDto, @Req() request: Request, @Res() reply: Reply): void {
    const { log } = this.engine;
    this.streams.send(request, reply, (signal) =>
      follow === 'true' ? linesOf(log.follow(Number(from), signal), signal) : linesOf(log.read(Number(from)), signal),
    );
  }
}

const linesOf = async function* (events: AsyncIterable<LoggedEvent>, signal: AbortSignal): AsyncGenerator<Buffer> {
  for await (const { logIndex, bytes } of events) {
    if (signal.aborted) return;
    yield Buffer.concat([Buffer.from(`{"logIndex":${logIndex},"event":`), bytes, Buffer.from('}\n')]);
  }
};
