import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { CARD_SERVICE_EVENT_TYPES, decodeApplicationEvent, decodePaperEvent, decodeVoucherEvent } from './index';

const FOLDER = join(__dirname, 'golden');
const DECODERS = [decodeApplicationEvent, decodeVoucherEvent, decodePaperEvent];
const goldenOf = (type: string): Record<string, unknown> =>
  JSON.parse(readFileSync(join(FOLDER, `${type}.json`), 'utf8')) as Record<string, unknown>;
const decoded = (type: string, data: unknown) =>
  DECODERS.flatMap((decode) => {
    try {
      return [decode(type, data)];
    } catch (error) {
      if (String(error).includes('unknown event')) return [];
      throw error;
    }
  });

/** One stored form a type and version. A file here is never edited: logs of that form exist. */
describe('card service: events as they are stored', () => {
  it('have one kept form a type', () =>
    expect(readdirSync(FOLDER).sort()).toStrictEqual(CARD_SERVICE_EVENT_TYPES.map((type) => `${type}.json`).sort()));
  it.each(CARD_SERVICE_EVENT_TYPES)('%s is read for ever, by one reader', (type) => {
    const data = goldenOf(type);
    expect(decoded(type, data)).toStrictEqual([{ type, data }]);
  });
  it.each(CARD_SERVICE_EVENT_TYPES)('%s with a member more or less is none', (type) => {
    const data = goldenOf(type);
    expect(() => decoded(type, { ...data, more: 1 })).toThrow('stored form');
    const [first = ''] = Object.keys(data);
    expect(() => decoded(type, { ...data, [first]: undefined })).toThrow('stored form');
  });
  it('a type that nobody knows is read by none', () => expect(decoded('Unheard.v1', {})).toStrictEqual([]));
});
