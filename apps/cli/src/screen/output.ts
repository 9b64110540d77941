/** Where answers go. */
export type Sink = Readonly<{
  write: (text: string, done?: (fault?: Error | null) => void) => boolean;
  on: (event: 'error', told: (fault: Error) => void) => unknown;
}>;
export type Output = Readonly<{
  /** Settles when the text has been handed on, so that a slow reader slows the writer; false when nobody reads any more. */
  say: (text: string) => Promise<boolean>;
  /** Settles when everything written before has been handed on. Without it a command that ends cuts off what a pipe has not taken yet. */
  flushed: () => Promise<void>;
}>;

/** An output that may be a pipe: it is never cut short, and a reader that has gone (`head`) is no fault of the command. */
export const outputOn = (sink: Sink): Output => {
  let gone = false;
  sink.on('error', () => {
    gone = true;
  });
  const say = (text: string): Promise<boolean> =>
    new Promise((resolve) => {
      if (gone) resolve(false);
      else sink.write(text, (fault) => resolve(!fault && !gone));
    });
  const flushed = async (): Promise<void> => {
    await say('');
  };
  return { say, flushed };
};
