import { randomUUID } from 'node:crypto';
import { type NonEmpty, type Recorded } from '#libs/kernel';
import {
  accountStream,
  businessKey,
  creditKey,
  type MedicalAccountCommand,
  type MedicalAccountEvent,
  medicalFen,
} from '#libs/medical-account';
import { accountFacts } from './account-facts';
import { type AccountQueries, accountQueriesOf } from './account-queries';
import { answerOf, refused } from './answers';
import { commandHash } from './command-identity';
import type { Credentials } from './credentials';
import type { Accounts, ActAnswer, Answer, FreezeOrder, OpenAccountOrder, RegisterCardOrder } from './engine';
import type { Tracing } from './envelope';
import type { EventReader } from './event-store.port';
import type { WantedClaim } from './run-command';
import type { AccountRunner } from './settlements';
import { envelopeOf } from './stored-form';
import type { Vault } from './vault.port';

export type AccountParts = Readonly<{
  accounts: AccountRunner;
  reader: EventReader;
  vault: Vault;
  credentials: Credentials;
  factsFor: ReturnType<typeof accountFacts>;
  queries: AccountQueries;
  hasPolicy: (poolingArea: string) => Promise<boolean>;
  poolingAreaOf: (stream: string) => Promise<string | null>;
}>;

type Act = Readonly<{
  accountId: string;
  command: MedicalAccountCommand;
  tracing: Tracing;
  id?: string | null;
  claims?: readonly WantedClaim[];
  area?: string;
}>;

export const accountsOf = (parts: AccountParts): Accounts => {
  const { accounts, reader, vault, credentials, factsFor } = parts;
  const secret = vault.commandHashSecret();
  const keyOf = (tracing: Tracing, reference: string) => businessKey(tracing.actor.organisation, reference);
  const hashOf = (type: string, ...fields: readonly (string | number | null)[]) => commandHash(secret, [type, ...fields]);
  const keyed = (tracing: Tracing, reference: string, type: string, ...fields: readonly (string | number | null)[]) => {
    const key = keyOf(tracing, reference);
    return { key, commandHash: hashOf(type, key, ...fields) };
  };

  const actAnswer = (accountId: string, events: NonEmpty<Recorded<MedicalAccountEvent>>, id: string | null): ActAnswer => ({
    accountId,
    id,
    events: events.map(({ type, id: eventId, revision, data }) => ({ type, eventId, revision, data })),
    decidedAt: events[0].decidedAt,
    stream: events[0].stream,
  });

  /** All that was appended with an event, so that a repeat tells what the first answer told. */
  const wholeAppend = async (original: Recorded<MedicalAccountEvent>): Promise<NonEmpty<Recorded<MedicalAccountEvent>>> => {
    const stored = await reader.readEvent(original.stream, original.revision);
    if (!stored) throw new Error('an answered event is not in the store');
    const { index, count } = envelopeOf(stored).meta.append;
    const events: Recorded<MedicalAccountEvent>[] = [];
    for await (const one of reader.readForward(original.stream, original.revision - index)) {
      const { id, stream, revision, type, decidedAt, data } = envelopeOf(one);
      events.push({ id, stream, revision, type, decidedAt, data } as unknown as Recorded<MedicalAccountEvent>);
      if (events.length === count) break;
    }
    return [events[0] ?? original, ...events.slice(1)];
  };

  const act = async ({ accountId, command, tracing, id, claims, area }: Act): Promise<Answer<ActAnswer>> => {
    const stream = accountStream(accountId);
    const poolingArea = area ?? (await parts.poolingAreaOf(stream)) ?? '';
    const gather = factsFor(command, { stream, poolingArea }, claims);
    const key = (command.data as { key: string }).key;
    const outcome = await accounts.run({ stream, key, command, gather, tracing, lane: 'interactive' });
    if (outcome.kind === 'claimTaken' && outcome.key.startsWith('card-')) return refused([{ code: 'card-number-already-registered' }]);
    return answerOf(
      outcome,
      async (events) => actAnswer(accountId, events, id ?? null),
      async (original) =>
        actAnswer(
          original.stream.slice(original.stream.indexOf('-') + 1),
          await wholeAppend(original),
          id === undefined ? null : (idIn(original) ?? id),
        ),
    );
  };

  const open = async (order: OpenAccountOrder, tracing: Tracing): Promise<Answer<ActAnswer>> => {
    const { reference, poolingArea, insuranceType, person } = order;
    if (!(await parts.hasPolicy(poolingArea))) return refused([{ code: 'pooling-area-without-policy', poolingArea }]);
    const personClaim = credentials.personClaim(poolingArea, person.identityKind, person.identityNumber);
    const own = keyed(tracing, reference, 'OpenAccount', poolingArea, insuranceType, personClaim);
    for (let tries = 0; ; tries++) {
      const [mine, persons] = await Promise.all([reader.findClaim(own.key), reader.findClaim(personClaim)]);
      const stream = mine?.stream ?? persons?.stream;
      if (!mine && persons)
        return refused([
          { code: 'person-already-has-account', accountId: persons.stream.slice(persons.stream.indexOf('-') + 1) } as { code: string },
        ]);
      const accountId = stream ? stream.slice(stream.indexOf('-') + 1) : randomUUID();
      const personId = randomUUID();
      const commitments = mine ? {} : await vault.putPerson(personId, person);
      const command: MedicalAccountCommand = {
        type: 'OpenAccount',
        data: { ...own, accountId, personId, poolingArea, insuranceType, commitments },
      };
      const claims = [{ key: personClaim, commandHash: own.commandHash }];
      const answer = await act({ accountId, command, tracing, id: accountId, claims, area: poolingArea });
      // Another request took the person first: now it can be seen.
      const wasTaken = answer.kind === 'refused' && answer.reasons[0].code === 'serial-already-used';
      if (!wasTaken || tries > 0) return answer;
    }
  };

  const registerCard = async (accountId: string, order: RegisterCardOrder, tracing: Tracing): Promise<Answer<ActAnswer>> => {
    const { reference, cardNumber, kind, state, lastSwipedOn, media, opening } = order;
    const cardClaim = credentials.cardClaim(cardNumber);
    const own = keyed(
      tracing,
      reference,
      'RegisterCard',
      accountId,
      cardClaim,
      kind,
      state,
      lastSwipedOn,
      opening?.currentYearFen ?? 0,
      opening?.priorYearFen ?? 0,
    );
    const [mine, taken] = await Promise.all([reader.findClaim(own.key), reader.findClaim(cardClaim)]);
    if (!mine && taken) return refused([{ code: 'card-number-already-registered' }]);
    const { state: account } = await accounts.load(accountStream(accountId));
    const personId = parts.queries.personIdOf(account);
    const cardId = randomUUID();
    const commitments = mine || personId === null ? {} : await vault.putCard(cardId, personId, cardNumber);
    const openingReference = own.key.slice('business-'.length);
    const claims: WantedClaim[] = [{ key: cardClaim, commandHash: own.commandHash }];
    if (opening && opening.currentYearFen + opening.priorYearFen > 0)
      claims.push({ key: creditKey('opening', openingReference), commandHash: own.commandHash });
    const command: MedicalAccountCommand = {
      type: 'RegisterCard',
      data: {
        ...own,
        cardId,
        kind,
        state,
        lastSwipedOn,
        media,
        commitments,
        opening: opening && { ...opening, reference: openingReference },
      },
    };
    return act({ accountId, command, tracing, id: cardId, claims });
  };

  const freeze = (accountId: string, order: FreezeOrder, tracing: Tracing): Promise<Answer<ActAnswer>> => {
    const { reference, scope, cause, legalDocument, from, until } = order;
    const own = keyed(tracing, reference, 'PlaceFreeze', accountId, JSON.stringify(scope), cause, legalDocument, from, until);
    const freezeId = randomUUID();
    const placedBy = tracing.actor.organisation;
    return act({
      accountId,
      command: { type: 'PlaceFreeze', data: { ...own, freezeId, scope, cause, legalDocument, from, until, placedBy } },
      tracing,
      id: freezeId,
    });
  };

  const onCard: Accounts['actOnCard'] = (accountId, cardId, { reference, act: what, reason }, tracing) => {
    const own = keyed(tracing, reference, what, accountId, cardId, reason);
    const command = {
      stop: { type: 'StopCard', data: { ...own, cardId, reason } },
      cancel: { type: 'CancelCard', data: { ...own, cardId, cause: 'agency', reason } },
      reportLoss: { type: 'ReportTemporaryLoss', data: { ...own, cardId } },
      liftLoss: { type: 'LiftTemporaryLoss', data: { ...own, cardId } },
      seal: { type: 'SealSubAccount', data: { ...own, cardId, reason } },
      unseal: { type: 'UnsealSubAccount', data: { ...own, cardId, reason } },
    } as const satisfies Record<typeof what, MedicalAccountCommand>;
    return act({ accountId, command: command[what], tracing, id: cardId });
  };

  return {
    open,
    registerCard,
    placeFreeze: freeze,
    actOnCard: onCard,
    credit: (accountId, order, tracing) => {
      const { reference, source, period, amountFen, bucket, legalBasis } = order;
      const key = creditKey(source, reference);
      const hash = hashOf('CreditAccount', key, accountId, period, amountFen, bucket, legalBasis);
      const data = { key, commandHash: hash, source, reference, period, amountFen: medicalFen(amountFen), bucket, legalBasis };
      return act({ accountId, command: { type: 'CreditAccount', data }, tracing });
    },
    correct: (accountId, { reference, amountFen, legalBasis, reason }, tracing) => {
      const own = keyed(tracing, reference, 'CorrectAccount', accountId, amountFen, legalBasis, reason);
      return act({ accountId, command: { type: 'CorrectAccount', data: { ...own, amountFen, legalBasis, reason } }, tracing });
    },
    enableCard: (accountId, cardId, { reference, channel, financialAreaActivated }, tracing) => {
      const own = keyed(tracing, reference, 'EnableCard', accountId, cardId, channel);
      return act({
        accountId,
        command: { type: 'EnableCard', data: { ...own, cardId, channel, financialAreaActivated } },
        tracing,
        id: cardId,
      });
    },
    transfer: (accountId, { reference, fromCardId, toCardId }, tracing) => {
      const own = keyed(tracing, reference, 'TransferBalance', accountId, fromCardId, toCardId);
      return act({ accountId, command: { type: 'TransferBalance', data: { ...own, fromCardId, toCardId } }, tracing });
    },
    liftFreeze: (accountId, freezeId, { reference, reason }, tracing) => {
      const own = keyed(tracing, reference, 'LiftFreeze', accountId, freezeId, reason);
      const liftedBy = tracing.actor.organisation;
      return act({ accountId, command: { type: 'LiftFreeze', data: { ...own, freezeId, reason, liftedBy } }, tracing, id: freezeId });
    },
    settleDue: async (accountId, tracing) => {
      const stream = accountStream(accountId);
      const { head } = await accounts.load(stream);
      if (head < 0) return refused([{ code: 'account-not-found' }]);
      const command: MedicalAccountCommand = { type: 'SettleDue', data: {} };
      const gather = factsFor(command, { stream, poolingArea: (await parts.poolingAreaOf(stream)) ?? '' });
      const outcome = await accounts.run({
        stream,
        key: `due-${accountId}-${head + 1}`,
        command,
        gather,
        tracing,
        lane: 'job',
        onlyDue: true,
      });
      if (outcome.kind !== 'nothingDue')
        return answerOf(
          outcome,
          async (events) => actAnswer(accountId, events, null),
          async (one) => actAnswer(accountId, [one], null),
        );
      return { kind: 'done', replayed: false, value: { accountId, id: null, events: [], decidedAt: '', stream } };
    },
    ...accountQueriesOf(parts.queries),
  };
};

/** The id that a first answer told: of the card, freeze or account that the event is about. */
const idIn = ({ data }: Recorded<MedicalAccountEvent>): string | null => {
  const { freezeId, cardId, accountId } = data as { freezeId?: string; cardId?: string; accountId?: string };
  return freezeId ?? cardId ?? accountId ?? null;
};
