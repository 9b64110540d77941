import { agency } from '../../../../test/support/engine-fixture';
import { type Answer, scriptedStore } from '../../../../test/support/scripted-store';
import { Turns } from '../streams/turns';
import { directoryOf } from './directory';

const keptBy = (...script: Answer[]) => {
  const { store, log } = scriptedStore(script);
  const time = { nowMs: () => 0, pause: async () => undefined };
  const open = () => directoryOf({ store, time, turns: new Turns(), deadlineMs: 0, sawDecidedAt: () => undefined }, 'accessKeys');
  return { log, open, directory: open() };
};

describe('a directory', () => {
  it('keeps each entry once, in the order of its coming, and gives the same list to every process', async () => {
    const { directory, open, log } = keptBy();
    await Promise.all(['b', 'a', 'b'].map((entry) => directory.add(entry, agency)));
    expect(await directory.add('a', agency)).toBeUndefined();
    expect(await directory.list()).toEqual(['b', 'a']);
    expect(await open().list()).toEqual(['b', 'a']);
    expect(log.map(({ stream, type }) => `${stream} ${type}`)).toEqual(Array(2).fill('directory-accessKeys DirectoryEntryAdded.v1'));
  });

  it('says why an entry was not kept', async () => {
    const { directory } = keptBy({ instead: { kind: 'unavailable', cause: 'full' } }, 'lostUnknown');
    expect(await directory.add('a', agency)).toEqual({ kind: 'unavailable', cause: 'full' });
    expect(await directory.add('a', agency)).toEqual({ kind: 'outcomeUnknown' });
    expect(await directory.list()).toEqual([]);
  });
});
