import { Field, OptionalField } from '../form/field';
import * as rule from '../form/rules';

const campaignId = rule.coded(/^[\w.@:-]{1,100}$/, '停用计划编号', 'the name of a campaign');
export class CampaignPathDto {
  @Field(campaignId) id: string;
}
export class PlanQueryDto {
  @OptionalField(rule.day, { description: 'Today, when absent.' }) asOf?: string;
  @OptionalField(rule.oneOf(['true', 'false'])) list?: 'true' | 'false';
}
export class RunQueryDto {
  @OptionalField(rule.oneOf(['true', 'false'])) dryRun?: 'true' | 'false';
}
