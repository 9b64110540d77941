/** What every command is told: where the data is, and whether a program reads the answer. */
export type Settings = Readonly<{ dataFolder: string; json: boolean; operator: string }>;

let answered = false;

/** Writes an answer: as JSON for programs, in words for people. */
export const told = ({ json }: Settings | Readonly<{ json: boolean }>, answer: unknown, words: () => string): void => {
  answered = true;
  process.stdout.write(`${json ? JSON.stringify(answer) : words()}\n`);
};

/** True when something was told already: a program gets one answer, not two. */
export const isAnswered = (): boolean => answered;
