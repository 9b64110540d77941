import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parse } from 'yaml';

export const ROOT = resolve(__dirname, '../..');
/** A file of the deployment, as it stands. */
export const read = (file: string): string => readFileSync(join(ROOT, file), 'utf8');

/** An image by an exact version, with or without its digest. */
export const PINNED = /:v?\d+(\.\d+)+(-[\w.-]+)?(@sha256:[0-9a-f]{64})?$/;

/** What the specs look at of a service; the rest is the schema's to hold. */
export type Service = Readonly<{
  image: string;
  profiles?: readonly string[];
  user?: string;
  command?: readonly string[];
  entrypoint?: readonly string[];
  environment?: Readonly<Record<string, string | null>>;
  secrets?: readonly string[];
  configs?: readonly Readonly<{ source: string; target: string }>[];
  networks?: readonly string[];
  network_mode?: string;
  ports?: readonly string[];
  volumes?: readonly string[];
  depends_on?: Readonly<Record<string, Readonly<{ condition: string }>>>;
  restart?: string;
  cap_drop?: readonly string[];
  cap_add?: readonly string[];
  security_opt?: readonly string[];
  read_only?: boolean;
  stop_grace_period?: string;
  healthcheck?: Readonly<{ test: readonly string[] }>;
  logging?: Readonly<{ options: Readonly<Record<string, string>> }>;
  build?: Readonly<{ dockerfile: string }>;
  deploy?: Readonly<{ resources: Readonly<{ limits: Readonly<Record<string, string | number>> }> }>;
}>;
export type Compose = Readonly<{
  services: Readonly<Record<string, Service>>;
  networks: Readonly<Record<string, Readonly<{ internal?: boolean }> | null>>;
  volumes: Readonly<Record<string, unknown>>;
  configs: Readonly<Record<string, Readonly<{ file: string }>>>;
  secrets: Readonly<Record<string, Readonly<{ file: string }>>>;
}>;

/** The compose file with its anchors and merges resolved, as the container engine reads it. */
export const composeFile = (text = read('docker/compose.yaml')): Compose => parse(text, { merge: true }) as Compose;

/** Services of a profile by name. */
export const servicesOf = ({ services }: Compose, profile: string): ReadonlyMap<string, Service> =>
  new Map(Object.entries(services).filter(([, { profiles }]) => profiles?.includes(profile)));
