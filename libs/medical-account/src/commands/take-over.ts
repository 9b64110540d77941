import type { Command } from '#libs/kernel';
import type { CardState, MedicalFen } from '../vocabulary';
import type { OpenAccount } from './account';
import type { RegisterCard } from './card-life';

/** A card as a legacy system leaves it, with what stood on it there. */
export type CardTakenOver = Readonly<
  Pick<RegisterCard['data'], 'cardId' | 'kind' | 'lastSwipedOn' | 'media' | 'commitments'> & {
    state: Extract<CardState, 'registered' | 'inUse' | 'temporarilyLost' | 'stopped' | 'cancelled'>;
    currentYearFen: MedicalFen;
    priorYearFen: MedicalFen;
  }
>;
/** A whole account of a legacy system in one append; its own amounts stood with the person and on no card. `key` begins with `import-`. */
export type TakeOverAccount = Command<
  'TakeOverAccount',
  OpenAccount['data'] & { cards: readonly CardTakenOver[]; currentYearFen: MedicalFen; priorYearFen: MedicalFen }
>;
