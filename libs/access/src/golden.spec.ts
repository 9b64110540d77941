import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { decodeAccessKeyEvent } from './index';

const FOLDER = join(__dirname, 'golden');
const TYPES = ['AccessKeyCreated.v1', 'AccessKeyRevoked.v1'];

/** One stored form a type and version. A file here is never edited: logs of that form exist. */
describe('events as they are stored', () => {
  it('have one kept form a type', () => expect(readdirSync(FOLDER).sort()).toStrictEqual(TYPES.map((type) => `${type}.json`).sort()));
  it.each(TYPES)('%s is read for ever', (type) => {
    const data: unknown = JSON.parse(readFileSync(join(FOLDER, `${type}.json`), 'utf8'));
    expect(decodeAccessKeyEvent(type, data)).toStrictEqual({ type, data });
  });
});
