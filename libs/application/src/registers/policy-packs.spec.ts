import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { codesOf, done, openAccount, QINGDAO, type TestEngine, testEngine, tracingOf } from '../../../../test/support/engine-fixture';

const YAML = readFileSync(join(__dirname, '../../../policy/packs/qingdao.yaml'), 'utf8');
const one = tracingOf('operator', 'key-of-one');
const other = tracingOf('operator', 'key-of-other');

let made: TestEngine;
beforeEach(async () => {
  made = await testEngine();
});
afterEach(() => made.close());

describe('policy packs', () => {
  it('are in force only when another key has approved them than the one that proposed', async () => {
    const { packId, hash } = done(await made.engine.packs.propose(YAML, 'qingdao.yaml', one));
    expect(codesOf(await made.engine.packs.approve(packId, hash, one))).toEqual(['pack-approved-by-proposer']);
    await expect(openAccount(made)).rejects.toThrow('pooling-area-without-policy');
    const { effectiveFrom } = done(await made.engine.packs.approve(packId, hash, other));
    expect(await made.engine.packs.list()).toEqual([{ packId, hash, poolingArea: QINGDAO, effectiveFrom, state: 'published' }]);
    expect((await openAccount(made)).accountId).not.toBe('');
  });

  it('are listed as proposed until then; a repeat of either step gets the first answer', async () => {
    const first = await made.engine.packs.propose(YAML, 'qingdao.yaml', one);
    const { packId, hash } = done(first);
    expect((await made.engine.packs.list()).map(({ state }) => state)).toEqual(['proposed']);
    expect(await made.engine.packs.propose(YAML, 'qingdao.yaml', one)).toEqual({ ...first, replayed: true });
    const approved = await made.engine.packs.approve(packId, hash, other);
    expect(await made.engine.packs.approve(packId, hash, other)).toEqual({ ...approved, replayed: true });
  });

  it('are approved by their content: a hash that nobody proposed, or an unknown pack, is refused', async () => {
    const { packId } = done(await made.engine.packs.propose(YAML, 'qingdao.yaml', one));
    expect(codesOf(await made.engine.packs.approve(packId, '0'.repeat(64), other))).toEqual(['pack-hash-differs']);
    expect(codesOf(await made.engine.packs.approve('nowhere', '0'.repeat(64), other))).toEqual(['pack-not-proposed']);
  });

  it('name every fault by file, line and field, and leave nothing behind', async () => {
    const line = YAML.split('\n').findIndex((text) => text.startsWith('poolingArea:')) + 1;
    const faulty = YAML.replace(/^poolingArea:.*$/m, 'poolingArea: 37');
    const answer = await made.engine.packs.propose(faulty, 'qingdao.yaml', one);
    expect(answer).toMatchObject({ kind: 'refused', reasons: [{ code: 'pack-fault', file: 'qingdao.yaml', line, field: 'poolingArea' }] });
    expect(await made.engine.log.last()).toBe(-1);
  });
});
