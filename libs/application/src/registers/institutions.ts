import {
  decodeInstitutionEvent,
  type InstitutionCommand,
  type InstitutionEvent,
  type InstitutionRefusal,
  type InstitutionState,
  institution,
  institutionFactsAt,
  institutionStream,
  institutionView,
} from '#libs/institution';
import { businessKey, type InstitutionFacts } from '#libs/medical-account';
import type { InstitutionOrder, Institutions } from '../engine';
import { commandHash } from '../streams/command-identity';
import type { StreamParts } from '../streams/command-runner';
import { type KeyedStreams, keyedStreams } from './keyed-streams';

export type InstitutionStreams = KeyedStreams<InstitutionCommand, InstitutionEvent, InstitutionState, InstitutionRefusal>;
export const institutionStreams = (parts: StreamParts): InstitutionStreams => keyedStreams(parts, institution, decodeInstitutionEvent);

/** The institution's facts as of an instant; null when it is not registered. Its stream is read in turn: a suspension that was answered holds. */
export const institutionAt =
  ({ runner }: InstitutionStreams) =>
  async (
    code: string,
    at: Readonly<{ judgedAt: string; isNow: boolean; operatorCode: string | null; terminalCode: string | null }>,
  ): Promise<Readonly<{ facts: InstitutionFacts | null; revision: number }>> => {
    const { state, head } = await runner.glance(institutionStream(code));
    const judged = { judgedAt: at.judgedAt, isNow: at.isNow, operatorCode: at.operatorCode ?? '', terminalCode: at.terminalCode ?? '' };
    return { facts: institutionFactsAt(state, judged, head), revision: head };
  };

export const institutionsOf = (streams: InstitutionStreams, secret: Uint8Array): Institutions => ({
  act: (institutionCode, reference, order, tracing) => {
    const key = businessKey(tracing.actor.organisation, reference);
    const keyed = { key, commandHash: commandHash(secret, [institutionCode, key, JSON.stringify(order)]) };
    return streams.act({
      stream: institutionStream(institutionCode),
      key,
      command: commandOf(institutionCode, order, keyed),
      claims: [keyed],
      tracing,
    });
  },
  view: async (institutionCode) => institutionView((await streams.runner.load(institutionStream(institutionCode))).state),
});

const COMMAND_TYPES = {
  register: 'RegisterInstitution',
  signAgreement: 'SignAgreement',
  suspendAgreement: 'SuspendAgreement',
  resumeAgreement: 'ResumeAgreement',
  terminateAgreement: 'TerminateAgreement',
  rename: 'RenameInstitution',
  succeed: 'SucceedInstitution',
  close: 'CloseInstitution',
  registerTerminal: 'RegisterTerminal',
  retireTerminal: 'RetireTerminal',
  barOperator: 'BarOperator',
  unbarOperator: 'UnbarOperator',
  setIdentityCheck: 'SetIdentityCheck',
  declareMonth: 'DeclareMonth',
} as const satisfies Record<InstitutionOrder['act'], InstitutionCommand['type']>;

/** The order's own fields are the command's: the door has checked their form by the act's name. */
const commandOf = (
  institutionCode: string,
  { act, ...fields }: InstitutionOrder,
  keyed: Readonly<{ key: string; commandHash: string }>,
): InstitutionCommand => {
  const code = act === 'register' ? { institutionCode } : {};
  return { type: COMMAND_TYPES[act], data: { ...keyed, ...code, ...fields } } as InstitutionCommand;
};
