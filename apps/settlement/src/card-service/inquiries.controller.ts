import { Body, Controller, HttpCode, Inject, Post } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { Engine } from '#libs/application';
import { CallerOf } from '../auth/caller';
import { May } from '../auth/rights';
import { Answers } from '../openapi/answers';
import { refusalProblem } from '../problem/problem';
import type { Caller } from '../request';
import { ENGINE } from '../tokens';
import { CardInquiryDto } from './card-service.dto';

/** Asked by telephone, online, at a machine or a counter: masked for all of them. Source: Q14. */
@ApiTags('card service')
@Controller('v1/card-inquiries')
export class InquiriesController {
  constructor(@Inject(ENGINE) private readonly engine: Engine) {}

  @Post()
  @HttpCode(200)
  @May('inquireCards')
  @Answers({ summary: 'Cards and applications of a holder, masked', schema: 'CardInquiry', body: CardInquiryDto, absent: true })
  async inquire(@Body() { poolingArea, credential }: CardInquiryDto, @CallerOf() { tracing }: Caller): Promise<object> {
    const { kind, number } = credential;
    const found = await this.engine.cardService.inquire({ poolingArea, credential: { kind, number } }, tracing);
    if (!found) throw refusalProblem(this.engine.catalogue, [{ code: 'holder-not-found' }]);
    return found;
  }
}
