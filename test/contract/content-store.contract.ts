import { createHash } from 'node:crypto';
import type { ContentStore } from '#libs/application';

export type ContentStoreUnderTest = Readonly<{
  store: ContentStore;
  reopen: () => Promise<ContentStore>;
  dispose: () => Promise<void>;
}>;

const bytesOf = (text: string): Uint8Array => Buffer.from(text);
const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

/** Everything that the port of what stands beside the log promises. */
export const contentStoreContract = (name: string, makeStore: () => Promise<ContentStoreUnderTest>): void => {
  describe(`${name}: the promises of a content store`, () => {
    let under: ContentStoreUnderTest;
    let store: ContentStore;
    beforeAll(async () => {
      under = await makeStore();
      store = under.store;
    });
    afterAll(async () => {
      await store.close();
      await under.dispose();
    });

    it('answers the SHA-256 of what it keeps, and gives back the same bytes under it', async () => {
      const lines = bytesOf('[{"lineNo":1,"name":"阿莫西林胶囊"}]');
      const hash = await store.put(lines);
      expect(hash).toBe(sha256(lines));
      expect(Buffer.from((await store.get(hash)) ?? []).equals(lines)).toBe(true);
    });

    it('keeps the same content once, however often and however simultaneously it comes', async () => {
      const lines = bytesOf('the same lines');
      const hashes = await Promise.all(Array.from({ length: 20 }, () => store.put(lines)));
      expect(new Set(hashes)).toEqual(new Set([sha256(lines)]));
      expect(await store.put(lines)).toBe(sha256(lines));
    });

    it('keeps empty content and a megabyte of it', async () => {
      const big = Buffer.alloc(1_000_000, '药');
      expect(await store.get(await store.put(new Uint8Array(0)))).toHaveLength(0);
      expect(Buffer.from((await store.get(await store.put(big))) ?? []).equals(big)).toBe(true);
    });

    it('has nothing under a hash that was never put', async () => {
      expect(await store.get(sha256(bytesOf('never put')))).toBeUndefined();
    });

    it('still has it after closing and opening again', async () => {
      const hash = await store.put(bytesOf('to stay'));
      store = await under.reopen();
      expect(Buffer.from((await store.get(hash)) ?? []).toString()).toBe('to stay');
    });

    it('throws, and does not answer with a hash, once it is closed', async () => {
      await store.close();
      await expect(store.put(bytesOf('too late'))).rejects.toThrow();
      store = await under.reopen();
      expect(await store.get(sha256(bytesOf('too late')))).toBeUndefined();
    });
  });
};
