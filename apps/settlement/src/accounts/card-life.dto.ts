import { CounterDto } from '../card-service/card-service.dto';
import { Field, NestedField } from '../form/field';
import * as rule from '../form/rules';
import { CredentialDto } from '../settlements/swipe.dto';

/** Acts for which the holder comes in person: the number of the check is kept, never what was checked. */
export class CheckedActDto extends CounterDto {
  @Field(rule.reference) reference: string;
  @Field(rule.reference, { description: 'Number of the identity check of the holder.' }) identityCheck: string;
}
export class HandledCardDto extends CounterDto {
  @Field(rule.reference) reference: string;
  @Field(rule.code, { description: 'Number of the machine, of the outlet, or of the record of the destruction.' }) place: string;
}
export class FinancialAreaDto extends CounterDto {
  @Field(rule.reference) reference: string;
  @Field(rule.truth, { description: 'Active, or not any more.' }) active: boolean;
}
const VERDICTS = ['right', 'wrong'] as const;
/** What a terminal or security module has found; a PIN comes nowhere near this engine. */
export class PinVerdictDto {
  @Field(rule.reference) reference: string;
  @Field(rule.oneOf(VERDICTS)) verdict: (typeof VERDICTS)[number];
  @Field(rule.reference, { description: 'The number under which the terminal or security module keeps its verdict.' })
  verdictReference: string;
}
export class OwnPinVerdictDto extends PinVerdictDto {
  @Field(rule.institutionCode) institutionCode: string;
  @NestedField(() => CredentialDto) credential: CredentialDto;
}
