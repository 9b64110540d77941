import { checkIdentity } from '#libs/kernel';

/** Whether a free text names a person by identity number: such a text may not enter the log. */
export const namesAPerson = (text: string): boolean =>
  [...text.normalize('NFKC').matchAll(/(?<!\d)\d{17}[\dXx]/g)].some(([found]) => checkIdentity('01', found) === null);
