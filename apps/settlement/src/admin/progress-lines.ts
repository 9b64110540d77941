type Report = (done: number, total: number) => void;

/** Turns a work that reports its progress into lines; the last line says `done` or `failed`. Only the newest report is kept for a slow reader. */
export async function* progressLines(work: (report: Report) => Promise<void>): AsyncGenerator<string> {
  let newest: Readonly<{ done: number; total: number }> | null = null;
  let ended: 'done' | 'failed' | null = null;
  let wake: () => void = () => undefined;
  const tell = (): void => wake();
  const running = work((done, total) => {
    newest = { done, total };
    tell();
  }).then(
    () => {
      ended = 'done';
      tell();
    },
    () => {
      ended = 'failed';
      tell();
    },
  );
  const state = () => ({ newest, ended }); // Read through a function: both change while this generator waits.
  while (state().ended === null) {
    if (state().newest === null) await new Promise<void>((resolve) => (wake = resolve));
    const report = state().newest;
    newest = null;
    if (report) yield `${JSON.stringify({ state: 'running', ...(report as object) })}\n`;
  }
  await running;
  yield `${JSON.stringify({ state: state().ended })}\n`;
}
