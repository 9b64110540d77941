import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { decodeInstitutionEvent } from './index';

const FOLDER = join(__dirname, 'golden');
const TYPES = [
  'InstitutionRegistered.v1',
  'AgreementSigned.v1',
  'AgreementSuspended.v1',
  'AgreementResumed.v1',
  'AgreementTerminated.v1',
  'InstitutionRenamed.v1',
  'InstitutionSucceeded.v1',
  'InstitutionClosed.v1',
  'TerminalRegistered.v1',
  'TerminalRetired.v1',
  'OperatorBarred.v1',
  'OperatorUnbarred.v1',
  'IdentityCheckSet.v1',
  'MonthDeclared.v1',
];

/** One stored form a type and version. A file here is never edited: logs of that form exist. */
describe('events as they are stored', () => {
  it('have one kept form a type', () => expect(readdirSync(FOLDER).sort()).toStrictEqual(TYPES.map((type) => `${type}.json`).sort()));
  it.each(TYPES)('%s is read for ever', (type) => {
    const data: unknown = JSON.parse(readFileSync(join(FOLDER, `${type}.json`), 'utf8'));
    expect(decodeInstitutionEvent(type, data)).toStrictEqual({ type, data });
  });
});
