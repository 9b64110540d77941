export const LIMITS = Symbol('LIMITS');

/** What one client may take of the door. Units: in the names. */
export type Limits = Readonly<{
  ratePerSecond: number;
  rateBurst: number;
  unknownKeysPerSecond: number;
  connectionsMax: number;
  streamsPerKey: number;
  headSeconds: number;
  bodySeconds: number;
  stallSeconds: number;
  idleSeconds: number;
  bodyBytesMax: number;
  heldBytesPerKey: number;
}>;

export const LIMITS_OTHERWISE: Limits = {
  ratePerSecond: 2_000,
  rateBurst: 4_000,
  unknownKeysPerSecond: 50,
  connectionsMax: 12_000,
  streamsPerKey: 16,
  headSeconds: 10,
  bodySeconds: 30,
  stallSeconds: 120,
  idleSeconds: 75,
  bodyBytesMax: 1024 * 1024,
  heldBytesPerKey: 64 * 1024 * 1024,
};

export const HEAD_BYTES_MAX = 16 * 1024;
