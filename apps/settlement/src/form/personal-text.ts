import { checkIdentity } from '#libs/kernel';

// In free text a number counts wherever it begins; in a code only as a whole run of digits: a trace code of twenty digits names nobody.
const IN_WORDS = /(?<!\d)\d{17}[\dXx]/g;
const IN_A_CODE = /(?<!\d)(?:\d{17}[Xx]|\d{18}(?!\d))/g;

const holdsIdentity = (text: string, numbers: RegExp): boolean =>
  text.length >= 18 && [...text.normalize('NFKC').matchAll(numbers)].some(([found]) => checkIdentity('01', found) === null);

/** Whether a free text names a person by identity number: such a text may not enter the log. */
export const wordsNameAPerson = (value: unknown): boolean => typeof value === 'string' && holdsIdentity(value, IN_WORDS);
/** The same of a number or code that an organisation gave. */
export const codeNamesAPerson = (value: unknown): boolean => typeof value === 'string' && holdsIdentity(value, IN_A_CODE);
