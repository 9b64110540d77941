import type { RefusalRow } from '#libs/kernel';
import { ACTS } from './catalogue/acts';
import { CARD_BUSINESS } from './catalogue/card-business';
import { CARDS } from './catalogue/cards';
import { HOLDERS } from './catalogue/holders';
import { INSTITUTIONS } from './catalogue/institutions';
import { KEYS } from './catalogue/keys';
import { PERSONS } from './catalogue/persons';
import { RELATIONS } from './catalogue/relations';

/**
 * What the till and the developer are told for each reason. The order of the rows is the order of precedence; `refuse` does not compile
 * while a code has no row. Source: written for this engine; zh at most 60 characters, so that it fits a line of the till.
 */
export const REFUSALS = {
  ...KEYS,
  ...INSTITUTIONS,
  ...CARDS,
  ...CARD_BUSINESS,
  ...HOLDERS,
  ...RELATIONS,
  ...ACTS,
  ...PERSONS,
} as const satisfies Record<string, RefusalRow>;
