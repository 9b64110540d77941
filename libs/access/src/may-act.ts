import type { Right } from './events';

type Holder = Readonly<{ rights: readonly Right[]; institutionCodes: readonly string[] }>;

/**
 * Every act of a door, and the rights that allow it. What is not listed is forbidden.
 * The right `institution` reaches as far as the institution codes of the key: it always names one.
 */
const RIGHTS_BY_ACT = {
  postSettlement: ['institution'],
  quoteSettlement: ['institution'],
  approveLateEntry: ['agency'],
  readSettlement: ['institution', 'agency', 'auditor'],
  printReceipt: ['institution', 'agency', 'auditor'],
  cancelOwn: ['institution'],
  reverseOwn: ['institution'],
  cancelAfterDeclaration: ['agency'],
  reverseAfterDeclaration: ['agency'],

  openAccount: ['agency'],
  credit: ['agency'],
  correct: ['agency'],
  registerCard: ['agency', 'bankOutlet', 'centre'],
  'enableCard:bankOutlet': ['bankOutlet'],
  'enableCard:centre': ['centre'],
  'enableCard:proxy': ['centre'],
  'enableCard:guardian': ['bankOutlet', 'centre'],
  'enableCard:batch': ['centre'],
  'enableCard:hotline': ['hotline'],
  reportLoss: ['hotline', 'bankOutlet', 'centre', 'agency'],
  liftLoss: ['bankOutlet', 'centre', 'agency'], // In person only, so never by telephone.
  reportFormalLoss: ['bankOutlet', 'centre', 'agency'],
  liftFormalLoss: ['bankOutlet', 'centre', 'agency'],
  retainCard: ['bankOutlet', 'agency'],
  returnCard: ['bankOutlet', 'agency'],
  collectCard: ['bankOutlet', 'centre', 'agency'],
  destroyCard: ['bankOutlet', 'agency'],
  reportFinancialArea: ['bankOutlet'],
  reportPinVerdict: ['bankOutlet', 'centre', 'agency'],
  reportOwnPinVerdict: ['institution'],
  unlockPin: ['bankOutlet', 'centre', 'agency'],
  transferOnApplication: ['bankOutlet', 'centre', 'agency'],
  stopCard: ['agency'],
  cancelCard: ['agency'],
  seal: ['agency'],
  unseal: ['agency'],
  transfer: ['agency'],
  freeze: ['agency'],
  liftFreeze: ['agency'],
  settleDue: ['agency', 'operator'],

  applyForCard: ['bankOutlet', 'centre', 'agency'],
  handleApplication: ['bankOutlet', 'centre', 'agency'],
  readApplication: ['bankOutlet', 'centre', 'agency', 'hotline', 'auditor'],
  issuePapers: ['bankOutlet', 'centre', 'agency'],
  readPapers: ['bankOutlet', 'centre', 'agency', 'auditor'],

  readAccount: ['agency', 'auditor'],
  readPerson: ['agency'],
  readBalanceByCredential: ['institution'],
  readProjections: ['agency', 'auditor'],
  readOwnDay: ['institution'],
  readLog: ['auditor'],

  manageInstitution: ['agency'],
  readInstitution: ['institution', 'agency', 'auditor'],
  proposePack: ['operator'],
  approvePack: ['operator'],
  readPacks: ['operator', 'agency', 'auditor'],
  manageKeys: ['operator'],
} as const satisfies Record<string, readonly Right[]>;

export type Act = keyof typeof RIGHTS_BY_ACT;
export const ACTS = Object.keys(RIGHTS_BY_ACT) as readonly Act[];

/** The rights that allow an act, for the reference and for a refusal's remedy. */
export const rightsFor = (act: Act): readonly Right[] => RIGHTS_BY_ACT[act];

/** May the holder of these rights do this? `institutionCode`: whose settlement, day or record it is. */
export const mayAct = ({ rights, institutionCodes }: Holder, act: Act, institutionCode?: string): boolean =>
  rightsFor(act).some(
    (right) =>
      rights.includes(right) && (right !== 'institution' || (institutionCode !== undefined && institutionCodes.includes(institutionCode))),
  );
