import { T0 } from '../../../test/support/account-fixture';
import { deciderSpec, recordedFrom } from '../../../test/support/decider-spec';
import { type AttemptEvent, attempts, decodeAttemptEvent, type RecordAttempt } from './index';

const { given } = deciderSpec(attempts);
const facts = { decidedAt: T0 };
const attempt = (...codes: [string, ...string[]]): RecordAttempt => ({
  type: 'RecordAttempt',
  data: { attemptKey: 'a', command: {}, facts: {}, account: null, reasons: codes.map((code) => ({ code })) as never },
});
const refused = (...codes: [string, ...string[]]): AttemptEvent => ({
  type: 'AttemptRefused.v1',
  decidedAt: T0,
  data: attempt(...codes).data,
});
const repeated: AttemptEvent = { type: 'AttemptRepeated.v1', decidedAt: T0, data: { attemptKey: 'a', count: 2 } };

describe('refused attempts', () => {
  it('as many reasons, but others, are another refusal', () => {
    given(refused('card-stopped')).when(attempt('card-unknown'), facts).thenRecords(refused('card-unknown'));
    given(refused('card', 'stopped')).when(attempt('cards', 'topped'), facts).thenRecords(refused('cards', 'topped'));
  });
  it('a repeat of what was never refused is damage', () => {
    expect(() => recordedFrom(0)([repeated]).reduce(attempts.evolve, attempts.initialState())).toThrow(
      new Error('an attempt was repeated out of order'),
    );
  });
  it('no event closes the day: its stream is read from the first', () => {
    expect([refused('x'), repeated].map(attempts.isClosing)).toStrictEqual([false, false]);
  });
  it.each<[string, object, string]>([
    ['its command', { command: undefined }, 'command is missing'],
    ['its facts', { facts: undefined }, 'facts is missing'],
    ['a reason', { reasons: [] }, 'reasons is empty'],
    ['the code of a reason', { reasons: [{}] }, 'reasons.code is not text'],
    ['a reason that is one', { reasons: [null] }, 'reasons.code is not text'],
  ])('a stored one tells %s', (_, change, message) => {
    const { account: _account, ...stored } = attempt('x').data;
    expect(decodeAttemptEvent('AttemptRefused.v1', stored)).toStrictEqual({ type: 'AttemptRefused.v1', data: attempt('x').data });
    expect(() => decodeAttemptEvent('AttemptRefused.v1', { ...stored, ...change })).toThrow(
      new Error(`stored event: AttemptRefused.v1.${message}`),
    );
  });
});
