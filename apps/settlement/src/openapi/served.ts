import type { OpenAPIObject } from '@nestjs/swagger';
import { momentary } from './examples';

/** The document as it is served to who will try it out: its examples run at this moment. */
export const servedAt = (document: OpenAPIObject, nowMs: number): OpenAPIObject =>
  JSON.parse(momentary(JSON.stringify(document), nowMs)) as OpenAPIObject;
