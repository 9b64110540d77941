import { createHash } from 'node:crypto';

const LEAF = Buffer.of(0x00);

/** The hash of a log entry: SHA-256 of a zero byte and the entry's canonical bytes, hex. Source: RFC 6962, 2.1. */
export const leafHash = (bytes: Uint8Array): string => createHash('sha256').update(LEAF).update(bytes).digest('hex');
