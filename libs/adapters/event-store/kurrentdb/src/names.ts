const NAME = /^[A-Za-z0-9_]{1,40}$/;

/** How the streams of one log are called on a server that may hold others. */
export type Names = Readonly<{
  /** What the streams of events begin with, and no other stream of this or another log. */
  eventPrefix: string;
  event: (stream: string) => string;
  streamOf: (name: string) => string;
  claim: (key: string) => string;
  content: (hash: string) => string;
  /** Where the log index stands, written down now and then. */
  index: string;
  /** The first thing that is written: by which version of the layout, and that there is a log at all. */
  header: string;
}>;

export const LOG_DEFAULT = 'yika';

/** The names of a log. @throws RangeError when the log's own name is not plain: it would reach into the names of another. */
export const namesOf = (log: string): Names => {
  if (!NAME.test(log)) {
    throw new RangeError(
      `日志名只能是 1–40 个字母、数字、下划线：${log} · the name of a log is 1 to 40 letters, digits, underscores: ${log}`,
    );
  }
  const eventPrefix = `${log}:`;
  return {
    eventPrefix,
    event: (stream) => eventPrefix + stream,
    streamOf: (name) => name.slice(eventPrefix.length),
    claim: (key) => `${log}.claim:${key}`,
    content: (hash) => `${log}.content:${hash}`,
    index: `${log}.index`,
    header: `${log}.header`,
  };
};

/** Where the server keeps what it knows of a stream: who may delete it, for one. */
export const metadataOf = (name: string): string => `$$${name}`;
