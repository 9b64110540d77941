import { Controller, Get, Inject, Param } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import type { Engine } from '#libs/application';
import { Open } from '../auth/rights';
import { ENGINE } from '../tokens';
import { DOOR_CATALOGUE } from './door-catalogue';
import { doorProblem, STATUS_OF_FAMILY } from './problem';

/** What every reason code means: the addresses that `type` of a problem names. */
@ApiTags('problems')
@Controller('problems')
export class ProblemsController {
  constructor(@Inject(ENGINE) private readonly engine: Engine) {}

  @Get()
  @ApiOperation({ summary: 'Every reason code with its words' })
  @Open()
  all(): object {
    return this.rows();
  }

  @Get(':code')
  @ApiOperation({ summary: 'What one reason code means' })
  @Open()
  one(@Param('code') code: string): object {
    const rows = this.rows();
    if (!Object.hasOwn(rows, code)) throw doorProblem('code-not-found');
    return { code, ...rows[code] };
  }

  private rows(): Readonly<Record<string, object>> {
    const ofTheEngine = Object.entries(this.engine.catalogue).map(([code, row]) => [
      code,
      { status: STATUS_OF_FAMILY[row.family], ...row },
    ]);
    return { ...Object.fromEntries(ofTheEngine), ...DOOR_CATALOGUE } as Readonly<Record<string, object>>;
  }
}
