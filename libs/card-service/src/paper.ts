import type { Decider, Decision, Instant, Recorded } from '#libs/kernel';
import type { FileSignedCopy, GiveNotice, PaperCommand } from './commands';
import type { OneTimeNoticeGiven, PaperEvent, SignedCopyFiled } from './events';
import type { CardServiceRefusal } from './refusals';
import { refuse } from './refuse';

export type PaperState = {
  prints: number;
  notice: Recorded<OneTimeNoticeGiven> | null;
  signedCopy: Recorded<SignedCopyFiled> | null;
};
export type PaperFacts = Readonly<{ decidedAt: Instant }>;
type Outcome = Decision<PaperEvent, CardServiceRefusal>;

const again = (original: Recorded<OneTimeNoticeGiven | SignedCopyFiled>, { data }: GiveNotice | FileSignedCopy): Outcome => {
  if (original.data.commandHash === data.commandHash) return { kind: 'replayed', original };
  const [first, now] = [original.data, data] as unknown as readonly [Record<string, unknown>, Record<string, unknown>];
  const names = ['business', 'outletCode', 'accountId', 'applicationId', 'reasons', 'signedCopy'];
  const differs = names.filter((name) => JSON.stringify(first[name]) !== JSON.stringify(now[name]));
  return refuse([{ code: 'card-service-key-used-with-other-content', firstAt: original.decidedAt, differs }]);
};

const give = (command: GiveNotice, { notice }: PaperState, decidedAt: Instant): Outcome => {
  const { term, telephones, ...same } = command.data;
  if (notice?.data.key === same.key) return again(notice, command);
  if (same.reasons.length === 0) return refuse([{ code: 'notice-without-reason' }]);
  const data = {
    ...same,
    termDays: term?.days ?? null,
    termUnit: term?.unit ?? null,
    enquiryTelephone: telephones?.enquiryTelephone ?? null,
    complaintTelephone: telephones?.complaintTelephone ?? null,
  };
  return { kind: 'accepted', events: [{ type: 'OneTimeNoticeGiven.v1', decidedAt, data }] };
};

const file = (command: FileSignedCopy, { signedCopy }: PaperState, decidedAt: Instant): Outcome => {
  if (signedCopy?.data.key === command.data.key) return again(signedCopy, command);
  if (signedCopy !== null) return refuse([{ code: 'signed-copy-already-filed', firstAt: signedCopy.decidedAt }]);
  return { kind: 'accepted', events: [{ type: 'SignedCopyFiled.v1', decidedAt, data: command.data }] };
};

/** What becomes of one paper, a voucher or a one-time notice: its signed copy, and each print of it. Every print is one, repeated or not. */
export const paper: Decider<PaperCommand, PaperEvent, PaperState, CardServiceRefusal, PaperFacts> = {
  decide: (command, state, { decidedAt }) => {
    switch (command.type) {
      case 'GiveNotice':
        return give(command, state, decidedAt);
      case 'FileSignedCopy':
        return file(command, state, decidedAt);
      case 'CountPrint': {
        const data = { document: command.data.document, number: state.prints + 1 };
        return { kind: 'accepted', events: [{ type: 'DocumentPrinted.v1', decidedAt, data }] };
      }
    }
  },
  due: () => [],
  evolve: (state, event) => {
    switch (event.type) {
      case 'DocumentPrinted.v1':
        return Object.assign(state, { prints: event.data.number });
      case 'OneTimeNoticeGiven.v1':
        return Object.assign(state, { notice: event });
      case 'SignedCopyFiled.v1':
        return Object.assign(state, { signedCopy: event });
    }
  },
  initialState: () => ({ prints: 0, notice: null, signedCopy: null }),
  isClosing: () => false,
};
