import { applyDecorators, type Type } from '@nestjs/common';
import { ApiBearerAuth, ApiBody, ApiConsumes, ApiOperation, ApiProduces, ApiResponse } from '@nestjs/swagger';
import type { SchemaName } from './schemas';

export type AnswersOptions = Readonly<{
  summary: string;
  description?: string;
  schema?: SchemaName;
  created?: boolean; // 201, and 200 for a repeat
  body?: Type<object>;
  bodySchema?: SchemaName;
  example?: object | string;
  answerExample?: string;
  absent?: boolean;
  write?: boolean;
  ndjson?: 'out' | 'both';
  lineSchema?: SchemaName; // Of a line that is sent.
  print?: boolean;
  open?: boolean;
}>;
const ref = (name: SchemaName) => ({ $ref: `#/components/schemas/${name}` });

/** What a route takes and answers, for the documents. */
export const Answers = (options: AnswersOptions): MethodDecorator => {
  const { summary, description, schema, created, open } = options;
  return applyDecorators(
    ApiOperation({ summary, ...(description ? { description } : {}) }),
    ...(open ? [] : [ApiBearerAuth('accessKey')]),
    ...bodyOf(options),
    ...(options.print
      ? [ApiProduces('text/plain', 'text/html'), ApiResponse({ status: 200, description: 'To print', schema: { type: 'string' } })]
      : []),
    ...(schema ? [success(created ? 201 : 200, options, schema)] : []),
    ...(schema && created ? [success(200, options, schema, 'A repeat: the first answer again, `replayed: true`')] : []),
    ...problemStatuses(options).map(([status, description]) =>
      ApiResponse({ status, description, content: { 'application/problem+json': { schema: ref('Problem') } } }),
    ),
  );
};

const bodyOf = ({ body, bodySchema, example, ndjson, lineSchema = 'SwipeDtoLine' }: AnswersOptions): readonly MethodDecorator[] => {
  const examples = example
    ? { examples: { sample: { summary: 'Runs against the sample region of `npm start` at full size', value: example } } }
    : {};
  // A stream as OpenAPI 3.1 can say it: the schema is that of one line.
  if (ndjson === 'both') return [ApiConsumes('application/x-ndjson'), ApiBody({ required: true, schema: ref(lineSchema), ...examples })];
  if (bodySchema) return [ApiBody({ required: true, schema: ref(bodySchema), ...examples })];
  return body ? [ApiBody({ type: body, required: true, ...examples })] : [];
};

const success = (status: number, options: AnswersOptions, schema: SchemaName, description = 'Done'): MethodDecorator => {
  const examples = options.answerExample ? { examples: { sample: { summary: 'Lines of an answer', value: options.answerExample } } } : {};
  const type = options.ndjson ? 'application/x-ndjson' : 'application/json';
  return ApiResponse({ status, description, content: { [type]: { schema: ref(schema), ...examples } } });
};

const problemStatuses = ({ open, absent, write, body, bodySchema, ndjson }: AnswersOptions): readonly (readonly [number, string])[] => {
  if (open) return [[503, 'Not ready']];
  const takesBody = Boolean(body ?? bodySchema ?? ndjson === 'both');
  return [
    [400, 'The form: all fields at once'],
    [401, 'No key, or none in force'],
    [403, 'Not the right, or not the own institution'],
    ...(absent ? ([[404, 'Not there']] as const) : []),
    ...(write ? ([[409, 'The key was used with other content: what differs, first use']] as const) : []),
    ...(takesBody ? ([...(ndjson ? [] : ([[413, 'Larger than 1 MiB']] as const)), [415, 'Another content type']] as const) : []),
    ...(body || bodySchema ? ([[422, 'Refused: the primary reason and all reasons']] as const) : []),
    [429, 'Too fast; see Retry-After'],
    ...(write ? ([[500, 'A fault of the engine; the outcome is not known']] as const) : []),
    [503, 'Outcome unknown, store full, shutting down; see Retry-After'],
  ];
};
