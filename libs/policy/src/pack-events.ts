import { type BusinessDate, type Command, type Event, type Instant, type Json, stored } from '#libs/kernel';
import { PACK, type Pack } from './pack';

/** All versions of one pooling area's pack. */
export const policyPackStream = (poolingArea: string): string => `policyPack-${poolingArea}`;

type Version = { packId: string; hash: string; poolingArea: string; effectiveFrom: BusinessDate };
/** `document`: the whole pack, so that the log alone can decide again. */
export type ProposePack = Command<'ProposePack', Version & { document: Json; proposedBy: string }>;
export type ApprovePack = Command<'ApprovePack', { packId: string; hash: string; approvedBy: string }>;
export type PolicyPackCommand = ProposePack | ApprovePack;

export type PackProposed = Event<'PackProposed.v1', Version & { document: Json; proposedBy: string }>;
export type PackPublished = Event<'PackPublished.v1', Version & { proposedBy: string; approvedBy: string }>;
export type PolicyPackEvent = PackProposed | PackPublished;
export type PolicyPackFacts = Readonly<{ decidedAt: Instant }>;

const { text, date, record } = stored;
const version = { packId: text, hash: text, poolingArea: text, effectiveFrom: date };
const json = (value: unknown): Json => value as Json; // Read from JSON already; its form is the pack schema's, checked by the fold.
const proposed = record({ ...version, document: json, proposedBy: text });
const published = record({ ...version, proposedBy: text, approvedBy: text });

/** Turns stored words into the newest form of an event. @throws Error on a type or form that it does not know. */
export const decodePolicyPackEvent = (
  type: string,
  data: unknown,
): Pick<PackProposed, 'type' | 'data'> | Pick<PackPublished, 'type' | 'data'> => {
  if (type === 'PackProposed.v1') return { type, data: proposed(data, type) };
  if (type === 'PackPublished.v1') return { type, data: published(data, type) };
  throw new Error(`unknown policy pack event: ${type}`);
};

/** @throws Error when the recorded document is no pack of a form that this engine knows: damage, or a log of a newer engine. */
export const packOfDocument = (document: Json): Pack => {
  const { data } = PACK.safeParse(document);
  if (data === undefined) throw new Error('the recorded document is not a policy pack');
  return data;
};
