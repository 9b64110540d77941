import type { Right } from './events';

/** Who holds a key, as far as it says what he may do. */
export type Holder = Readonly<{
  rights: readonly Right[];
  institutionCodes: readonly string[];
  outletCodes?: readonly string[] | undefined;
  bankCode?: string | undefined;
}>;
/** Whose settlement, day, application, voucher or notice it is. */
export type Place = Readonly<{ institutionCode?: string; outletCodes?: readonly string[]; bankCode?: string | null }>;
/** `own`: as far as the codes on the key go; `all`: whoever's it is. */
export type Reach = 'own' | 'all';
type Row = Readonly<Partial<Record<Reach, readonly Right[]>>>;

/**
 * Every act of a door, and the rights that allow it: the one table of who may do what. What is not listed is forbidden.
 * Own is, of an institution, what bears one of the key's institution codes; of a counter, an employer or a school, what bears one of the
 * key's outlet codes; of a bank's key also what is applied for of that bank.
 */
const RIGHTS_BY_ACT = {
  postSettlement: { own: ['institution'] },
  quoteSettlement: { own: ['institution'] },
  approveLateEntry: { all: ['agency'] },
  readSettlement: { own: ['institution'], all: ['agency', 'auditor'] },
  printReceipt: { own: ['institution'], all: ['agency', 'auditor'] },
  cancelOwn: { own: ['institution'] },
  reverseOwn: { own: ['institution'] },
  cancelAfterDeclaration: { all: ['agency'] },
  reverseAfterDeclaration: { all: ['agency'] },

  openAccount: { all: ['agency'] },
  credit: { all: ['agency'] },
  correct: { all: ['agency'] },
  registerCard: { all: ['agency', 'bankOutlet', 'centre'] },
  takeOverCard: { all: ['agency'] }, // With what a legacy system knew of it: money above all.
  'enableCard:bankOutlet': { all: ['bankOutlet'] },
  'enableCard:centre': { all: ['centre'] },
  'enableCard:proxy': { all: ['bankOutlet', 'centre'] },
  'enableCard:guardian': { all: ['bankOutlet', 'centre'] },
  'enableCard:batch': { all: ['centre', 'school'] },
  'enableCard:hotline': { all: ['hotline'] },
  reportLoss: { all: ['hotline', 'bankOutlet', 'centre', 'agency', 'online', 'selfService'] },
  liftLoss: { all: ['bankOutlet', 'centre', 'agency'] }, // In person only, so never by telephone.
  reportFormalLoss: { all: ['bankOutlet', 'centre', 'agency'] },
  liftFormalLoss: { all: ['bankOutlet', 'centre', 'agency'] },
  retainCard: { all: ['bankOutlet', 'agency'] },
  returnCard: { all: ['bankOutlet', 'agency'] },
  collectCard: { all: ['bankOutlet', 'centre', 'agency'] },
  destroyCard: { all: ['bankOutlet', 'agency'] },
  reportFinancialArea: { all: ['bankOutlet'] },
  reportPinVerdict: { all: ['bankOutlet', 'centre', 'agency'] },
  reportOwnPinVerdict: { own: ['institution'] },
  unlockPin: { all: ['bankOutlet', 'centre', 'agency'] },
  transferOnApplication: { all: ['bankOutlet', 'centre', 'agency'] },
  stopCard: { all: ['agency'] },
  cancelCard: { all: ['agency'] },
  seal: { all: ['agency'] },
  unseal: { all: ['agency'] },
  transfer: { all: ['agency'] },
  freeze: { all: ['agency'] },
  liftFreeze: { all: ['agency'] },
  settleDue: { all: ['agency', 'operator'] },
  requestRelationTransfer: { all: ['agency', 'centre'] }, // At the former place's agency. Source: Q6.
  handleRelationTransfer: { all: ['agency'] },
  registerRelationIn: { all: ['agency'] },
  readRelationTransfers: { all: ['agency', 'auditor'] },

  applyForCard: { own: ['bankOutlet', 'centre', 'employer', 'school', 'committee', 'online', 'selfService'], all: ['agency'] },
  handleApplication: { own: ['bankOutlet', 'centre'], all: ['agency'] },
  handOutCard: { own: ['employer', 'school', 'committee'], all: ['agency'] },
  readApplication: {
    own: ['bankOutlet', 'centre', 'employer', 'school', 'committee'],
    all: ['agency', 'hotline', 'online', 'selfService', 'auditor'],
  },
  listApplications: { own: ['bankOutlet', 'centre', 'employer', 'school', 'committee'], all: ['agency', 'auditor'] },
  checkAtHome: { all: ['bankOutlet'] }, // The bank comes to who cannot come.
  inquireCards: { all: ['bankOutlet', 'centre', 'agency', 'hotline', 'online', 'selfService'] },
  issuePapers: { own: ['bankOutlet', 'centre'], all: ['agency'] },
  readPapers: {
    own: ['bankOutlet', 'centre', 'employer', 'school', 'committee', 'hotline', 'online', 'selfService'],
    all: ['agency', 'auditor'],
  },

  proposePersonCase: { all: ['agency'] },
  approvePersonCase: { all: ['agency'] }, // By another operator than the one who proposed: the case itself asks.
  readPersonCases: { all: ['agency', 'auditor'] },

  readAccount: { all: ['agency', 'auditor'] },
  readPerson: { all: ['agency'] },
  readBalanceByCredential: { own: ['institution'] },
  readProjections: { all: ['agency', 'auditor'] },
  readOwnDay: { own: ['institution'] },
  readLog: { all: ['auditor'] },

  manageInstitution: { all: ['agency'] },
  readInstitution: { own: ['institution'], all: ['agency', 'auditor'] },
  proposePack: { all: ['operator'] },
  approvePack: { all: ['operator'] },
  readPacks: { all: ['operator', 'agency', 'auditor'] },
  manageKeys: { all: ['operator'] },
} as const satisfies Record<string, Row>;

export type Act = keyof typeof RIGHTS_BY_ACT;
export const ACTS = Object.keys(RIGHTS_BY_ACT) as readonly Act[];

const rowOf = (act: Act): Row => RIGHTS_BY_ACT[act];

/** One cell of the table; null: forbidden. */
export const reachOf = (right: Right, act: Act): Reach | null => {
  const { own = [], all = [] } = rowOf(act);
  if (all.includes(right)) return 'all';
  return own.includes(right) ? 'own' : null;
};

/** The rights that allow an act, for the reference and for a refusal's remedy. */
export const rightsFor = (act: Act): readonly Right[] => {
  const { own = [], all = [] } = rowOf(act);
  return [...own, ...all];
};

/** May the holder of these rights do this? `place`: whose it is; where it is nobody's, only who may do it anywhere may. */
export const mayAct = (holder: Holder, act: Act, place: Place = {}): boolean =>
  holder.rights.some((right) => {
    const reach = reachOf(right, act);
    return reach === 'all' || (reach === 'own' && isOwn(holder, right, place));
  });

const isOwn = ({ institutionCodes, outletCodes = [], bankCode }: Holder, right: Right, place: Place): boolean => {
  if (right === 'institution') return place.institutionCode !== undefined && institutionCodes.includes(place.institutionCode);
  if (place.outletCodes?.some((code) => outletCodes.includes(code))) return true;
  return right === 'bankOutlet' && bankCode !== undefined && place.bankCode === bankCode;
};
