import type { FundSource } from './vocabulary';

/** One space of serials an institution: settlements, cancellations and reversals alike. A serial of one institution never answers another. */
export const settlementKey = (institutionCode: string, serial: string): string => `settlement-${institutionCode}-${serial}`;
/** What a settlement's key was made of. An institution's code has no hyphen. @throws Error on a key of another kind. */
export const ofSettlementKey = (key: string): Readonly<{ institutionCode: string; serial: string }> => {
  const [start, end] = ['settlement-'.length, key.indexOf('-', 'settlement-'.length)];
  if (!key.startsWith('settlement-') || end < 0) throw new Error("stored event: key is not a settlement's");
  return { institutionCode: key.slice(start, end), serial: key.slice(end + 1) };
};
export const creditKey = (source: FundSource, reference: string): string => `credit-${source}-${reference}`;
/** For every other act of an organisation (agency, bank outlet …): its own business number. */
export const businessKey = (organisation: string, reference: string): string => `business-${organisation}-${reference}`;
/** A verdict on a PIN counts once for its card, whoever sends it and under whichever number of his. */
export const pinVerdictKey = (cardId: string, verdictReference: string): string => `pinVerdict-${cardId}-${verdictReference}`;
export const accountStream = (accountId: string): string => `medicalAccount-${accountId}`;
export const voidStream = (institutionCode: string, serial: string): string => `settlementVoid-${institutionCode}-${serial}`;
