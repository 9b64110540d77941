import { Body, Controller, Inject, Post, Req, Res } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { Engine } from '#libs/application';
import { actText } from '../accounts/account-text';
import { CallerOf, mayDo } from '../auth/caller';
import { May } from '../auth/rights';
import { LineByLine } from '../ndjson/line-by-line';
import { Answers } from '../openapi/answers';
import * as example from '../openapi/examples';
import { doneOr, doorProblem } from '../problem/problem';
import type { Caller, Reply, Request } from '../request';
import { ENGINE } from '../tokens';
import { DisposalLineDto } from './disposal.dto';

const AT_ONCE_MAX = 16;
const LINE_BYTES_MAX = 4 * 1024;
const DESCRIPTION = [
  'Newline-delimited JSON in UTF-8, of any number of lines; one line is one DisposalLineDto and at most 4 KiB. Each card is gathered (`collect`)',
  'or destroyed under the number of a protocol (`destroy`), which stands in its event. Blank lines are counted, and not answered; every other line',
  'gets one line of answer, in the order of the lines sent: `line` is its number, from 1. A line that fails stops none. When the connection',
  'drops, send all lines again: under its reference an act is done once.',
].join(' ');

/** What banks gather and shred. Source: Q10. */
@ApiTags('cards')
@Controller('v1/cards/disposal')
export class DisposalBatchController {
  constructor(
    @Inject(ENGINE) private readonly engine: Engine,
    @Inject(LineByLine) private readonly lines: LineByLine,
  ) {}

  @Post('batch')
  @May('collectCard', 'destroyCard')
  @Answers({
    summary: 'Gather or destroy many cards, one a line; read the results while you send',
    description: DESCRIPTION,
    schema: 'DisposalBatchResult',
    ndjson: 'both',
    lineSchema: 'DisposalLineDtoLine',
    example: example.disposalBatch,
    answerExample: example.disposalBatchAnswer,
  })
  post(@Body() body: unknown, @CallerOf() caller: Caller, @Req() request: Request, @Res() reply: Reply): void {
    this.lines.answer<DisposalLineDto>(
      { body, caller, request, reply },
      {
        route: '/v1/cards/disposal',
        form: DisposalLineDto,
        lineBytesMax: LINE_BYTES_MAX,
        atOnceMax: AT_ONCE_MAX,
        decide: async ({ reference, act, place, cardNumber, accountId, cardId }, tracing) => {
          if (!mayDo(caller, act === 'collect' ? 'collectCard' : 'destroyCard')) throw doorProblem('right-missing');
          const card = cardNumber == null ? { accountId: accountId ?? '', cardId: cardId ?? '' } : { number: cardNumber };
          const { value, replayed } = doneOr(
            this.engine.catalogue,
            await this.engine.cardService.dispose({ reference, act, place, card }, tracing),
          );
          return { replayed, result: { reference, ...actText(value) } };
        },
      },
    );
  }
}
