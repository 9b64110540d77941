/** What every command is told: where the data is, and whether a program reads the answer. */
export type Settings = Readonly<{ dataFolder: string; json: boolean; operator: string }>;

/** Writes an answer: as JSON for programs, in words for people. */
export const told = ({ json }: Settings, answer: unknown, words: () => string): void =>
  void process.stdout.write(`${json ? JSON.stringify(answer) : words()}\n`);
