import type { Append } from '#libs/application';

/**
 * Many items as one text and one block of bytes: the block changes threads without a copy, and a `bytes` that is a view into a larger
 * buffer does not drag that buffer along, as structured cloning would.
 */
export type Batch = Readonly<{ header: string; bytes: Uint8Array<ArrayBuffer> }>;

/** An append as the writer's thread sees it. `first`: the revision of its first event. */
export type AppendItem = Readonly<{
  stream: string;
  first: number;
  events: readonly Readonly<{ id: string; type: string; bytes: Uint8Array }>[];
  claims: readonly Readonly<{ key: string; commandHash: string; eventIndex: number }>[];
}>;
export type ContentItem = Readonly<{ hash: string; bytes: Uint8Array }>;

type AppendRow = [stream: string, first: number, events: [id: string, type: string, size: number][], claims: [string, string, number][]];

const pack = (blocks: readonly Uint8Array[]): Uint8Array<ArrayBuffer> => {
  const packed = new Uint8Array(blocks.reduce((size, block) => size + block.byteLength, 0));
  let at = 0;
  for (const block of blocks) {
    packed.set(block, at);
    at += block.byteLength;
  }
  return packed;
};

const unpacker = (bytes: Uint8Array): ((size: number) => Uint8Array) => {
  let at = 0;
  return (size) => {
    at += size;
    return bytes.subarray(at - size, at);
  };
};

export const encodeAppends = (appends: readonly Append[]): Batch => ({
  header: JSON.stringify(
    appends.map(
      ({ stream, expected, events, claims }): AppendRow => [
        stream,
        expected === 'no-stream' ? 0 : expected + 1,
        events.map(({ id, type, bytes }) => [id, type, bytes.byteLength]),
        claims.map(({ key, commandHash, eventIndex }) => [key, commandHash, eventIndex]),
      ],
    ),
  ),
  bytes: pack(appends.flatMap(({ events }) => events.map(({ bytes }) => bytes))),
});

export const decodeAppends = ({ header, bytes }: Batch): AppendItem[] => {
  const take = unpacker(bytes);
  return (JSON.parse(header) as AppendRow[]).map(([stream, first, events, claims]) => ({
    stream,
    first,
    events: events.map(([id, type, size]) => ({ id, type, bytes: take(size) })),
    claims: claims.map(([key, commandHash, eventIndex]) => ({ key, commandHash, eventIndex })),
  }));
};

export const encodeContents = (items: readonly ContentItem[]): Batch => ({
  header: JSON.stringify(items.map(({ hash, bytes }) => [hash, bytes.byteLength])),
  bytes: pack(items.map(({ bytes }) => bytes)),
});

export const decodeContents = ({ header, bytes }: Batch): ContentItem[] => {
  const take = unpacker(bytes);
  return (JSON.parse(header) as [string, number][]).map(([hash, size]) => ({ hash, bytes: take(size) }));
};
