/** What the door says of itself, for who writes it down or tries it out. */
export { openApiDocument } from './openapi/document';
export * as examples from './openapi/examples';
export { SCHEMAS } from './openapi/schemas';
export { DOOR_CATALOGUE, type DoorCode, type DoorRow } from './problem/door-catalogue';
