export type Schema = Readonly<Record<string, unknown>>;
export type Properties = Readonly<Record<string, Schema>>;

export const text: Schema = { type: 'string' };
export const textOrNull: Schema = { type: ['string', 'null'] };
export const truth: Schema = { type: 'boolean' };
export const whole: Schema = { type: 'integer' };
export const yuan: Schema = { type: 'string', pattern: '^-?(0|[1-9]\\d*)\\.\\d{2}$', description: 'Yuan with two places' };
export const instant: Schema = { type: 'string', format: 'date-time', description: 'UTC' };
export const instantOrNull: Schema = { type: ['string', 'null'], format: 'date-time' };
export const day: Schema = { type: 'string', format: 'date' };
export const list = (items: Schema): Schema => ({ type: 'array', items });
export const ref = (name: string): Schema => ({ $ref: `#/components/schemas/${name}` });
/** Every property is there, in every answer. */
export const object = (properties: Properties, more: Schema = {}): Schema => ({
  type: 'object',
  properties,
  required: Object.keys(properties),
  ...more,
});
