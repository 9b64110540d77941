import { existsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import Ajv from 'ajv';
import { settingsTable } from '../../apps/projector/src/settings';
import { SETTINGS } from '../../apps/settlement/src/settings-table';
import { composeFile, PINNED, ROOT, read, type Service, servicesOf } from './compose-file';

const compose = composeFile();
const services = Object.entries(compose.services);
const named = (wrong: (service: Service, name: string) => boolean): readonly string[] =>
  services.filter(([name, service]) => wrong(service, name)).map(([name]) => name);
/** Makes files and is gone: it is neither asked whether it is well nor started again. */
const ONE_SHOT = 'certificates';

const schemaFaults = (file: unknown): readonly string[] => {
  // ajv has draft 07 under its address with http.
  const { $schema: _, ...schema } = JSON.parse(read('docker/schema/compose-spec.json')) as Record<string, unknown>;
  const holds = new Ajv({ strict: false, allErrors: true }).compile(schema);
  return holds(file) ? [] : (holds.errors ?? []).map(({ instancePath, message }) => `${instancePath} ${message}`);
};

describe('the compose file', () => {
  it('is valid against the schema of the Compose Specification', () => {
    expect(schemaFaults(compose)).toStrictEqual([]);
  });

  it('would not be with a word that Compose does not know, or a value of another kind', () => {
    const { engine } = compose.services;
    expect(schemaFaults({ ...compose, services: { engine: { ...engine, stop_grace: '30s' } } })).not.toStrictEqual([]);
    expect(schemaFaults({ ...compose, services: { engine: { ...engine, ports: '7300:7300' } } })).not.toStrictEqual([]);
  });

  it('has a deployment on one machine and one beyond it', () => {
    expect([...servicesOf(compose, 'embedded').keys()]).toStrictEqual(['engine']);
    expect([...servicesOf(compose, 'cluster').keys()].toSorted()).toStrictEqual(
      [
        ...['kurrentdb-1', 'kurrentdb-2', 'kurrentdb-3', 'certificates', 'postgres'],
        ...['engine-1', 'engine-2', 'projector-1', 'projector-2', 'balancer', 'prometheus'],
      ].toSorted(),
    );
    expect(named(({ profiles }) => profiles?.length !== 1)).toStrictEqual([]);
  });

  it('names every image by an exact version, the project by its own', () => {
    expect(named(({ image }) => !PINNED.test(image))).toStrictEqual([]);
    expect(['postgres:18', 'postgres', 'postgres:latest', 'node:24-bookworm-slim'].filter((image) => PINNED.test(image))).toStrictEqual([]);
    const { version } = JSON.parse(read('package.json')) as { version: string };
    expect(new Set(services.filter(([, { build }]) => build).map(([, { image }]) => image))).toStrictEqual(new Set([`yika:${version}`]));
  });

  it('lets nobody be root but the maker of certificates, who has no network', () => {
    expect(named(({ user, build }) => build === undefined && (user === undefined || /^(0|root)(:|$)/.test(user)))).toStrictEqual([
      ONE_SHOT,
    ]);
    expect(compose.services[ONE_SHOT]).toMatchObject({ network_mode: 'none', cap_add: ['CHOWN'] });
  });

  it('takes every right away that is not needed', () => {
    expect(
      named(({ cap_drop, security_opt }) => cap_drop?.[0] !== 'ALL' || !security_opt?.includes('no-new-privileges:true')),
    ).toStrictEqual([]);
    expect(named(({ cap_add }, name) => cap_add !== undefined && name !== ONE_SHOT)).toStrictEqual([]);
  });

  it('gives everybody bounds of memory, processors and processes, and of their logs', () => {
    expect(named(({ deploy }) => !['cpus', 'memory', 'pids'].every((bound) => deploy?.resources.limits[bound]))).toStrictEqual([]);
    expect(named(({ logging }) => logging?.options['max-size'] === undefined)).toStrictEqual([]);
  });

  it('asks everybody whether it is well, gives it time to end and starts it again', () => {
    const lasting = services.filter(([name]) => name !== ONE_SHOT);
    // The image of the project brings its own question.
    expect(lasting.filter(([, { healthcheck, build }]) => !healthcheck && !build).map(([name]) => name)).toStrictEqual([]);
    expect(lasting.filter(([, { stop_grace_period }]) => !stop_grace_period).map(([name]) => name)).toStrictEqual([]);
    expect(lasting.filter(([, { restart }]) => restart !== 'unless-stopped').map(([name]) => name)).toStrictEqual([]);
  });

  it('has secrets as files alone, each one used', () => {
    const words = services.flatMap(([, { environment }]) => Object.entries(environment ?? {}));
    expect(words.filter(([name]) => /PASSWORD|SECRET|TOKEN|MASTER_KEY/.test(name) && !name.endsWith('_FILE'))).toStrictEqual([]);
    expect(words.filter(([, value]) => /:\/\/[^/]*:[^/]*@/.test(value ?? ''))).toStrictEqual([]);
    const used = new Set(services.flatMap(([, { secrets }]) => secrets ?? []));
    expect([...used].toSorted()).toStrictEqual(Object.keys(compose.secrets).toSorted());
    const paths = services.flatMap(([name, { environment, secrets = [] }]) =>
      Object.values(environment ?? {})
        .filter((value) => value?.startsWith('/run/secrets/') && !secrets.includes(value.slice('/run/secrets/'.length)))
        .map((value) => `${name}: ${value}`),
    );
    expect(paths).toStrictEqual([]);
    const made = read('docker/make-secrets.sh');
    expect(Object.keys(compose.secrets).filter((secret) => !made.includes(secret))).toStrictEqual([]);
  });

  it('opens a port on this machine only', () => {
    const ports = services.flatMap(([, service]) => service.ports ?? []);
    expect(ports.length).toBeGreaterThan(0);
    expect(ports.filter((port) => !port.startsWith('127.0.0.1:'))).toStrictEqual([]);
  });

  it('keeps networks apart: log and PostgreSQL are reached by engines and projectors alone, and reach nothing outside', () => {
    const on = (network: string) => named(({ networks }) => networks?.includes(network) === true);
    const askers = ['engine-1', 'engine-2', 'projector-1', 'projector-2'];
    expect(on('postgres')).toStrictEqual(['postgres', ...askers]);
    expect(on('log')).toStrictEqual(['kurrentdb-1', 'kurrentdb-2', 'kurrentdb-3', ...askers]);
    expect(on('door')).toStrictEqual(['engine-1', 'engine-2', 'balancer']);
    expect(on('edge')).toStrictEqual(['engine', 'balancer']);
    expect(on('desk')).toStrictEqual(['prometheus']);
    expect(on('watch')).not.toContain('postgres');
    for (const network of ['postgres', 'log', 'door', 'watch']) expect(compose.networks[network]?.internal).toBe(true);
    expect(named(({ networks }) => networks?.some((network) => !(network in compose.networks)) === true)).toStrictEqual([]);
    expect(named(({ networks, network_mode }) => networks === undefined && network_mode === undefined)).toStrictEqual([]);
  });

  it('shares no data volume between two services, and the key of the authority with nobody', () => {
    const mounts = services.flatMap(([name, { volumes = [] }]) =>
      volumes.map((volume) => ({ name, source: volume.split(':')[0] ?? '', volume })),
    );
    expect(new Set(mounts.map(({ source }) => source))).toStrictEqual(new Set(Object.keys(compose.volumes)));
    const writers = (source: string) => mounts.filter((mount) => mount.source === source && !mount.volume.endsWith(':ro'));
    expect(Object.keys(compose.volumes).filter((source) => writers(source).length !== 1)).toStrictEqual([]);
    expect(mounts.filter(({ source }) => source === 'authority').map(({ name }) => name)).toStrictEqual([ONE_SHOT]);
  });

  it('sets only what the engine and the projector know', () => {
    const engineKnows = new Set<string>(Object.values(SETTINGS).map(({ name }) => name));
    const projectorKnows = new Set([...settingsTable().matchAll(/^\| `(\w+)`/gm)].map(([, name = '']) => name));
    const fromFiles = new Set(/for name in ([\w ]+);/.exec(read('docker/entrypoint.sh'))?.[1]?.split(' '));
    const unknown = services
      .filter(([, { build }]) => build)
      .flatMap(([name, { environment, command }]) => {
        const knows = command === undefined ? engineKnows : projectorKnows;
        const isKnown = (word: string) =>
          knows.has(word) || (word.endsWith('_FILE') && fromFiles.has(word.slice(0, -5)) && knows.has(word.slice(0, -5)));
        return Object.keys(environment ?? {})
          .filter((word) => !isKnown(word))
          .map((word) => `${name}: ${word}`);
      });
    expect(unknown).toStrictEqual([]);
    expect([...fromFiles].filter((word) => !engineKnows.has(word))).toStrictEqual([]);
  });

  it('starts programs that there are', () => {
    const told = [read('docker/Dockerfile'), ...services.flatMap(([, { command }]) => command ?? [])].join('\n');
    const programs = new Set([...told.matchAll(/dist\/([\w/]+)\.js/g)].map(([, path = '']) => `${path}.ts`));
    expect([...programs].toSorted()).toStrictEqual(['apps/projector/src/main.ts', 'apps/settlement/src/main.ts']);
    expect([...programs].filter((path) => !existsSync(join(ROOT, path)))).toStrictEqual([]);
  });

  it('asks for nothing that the page does not name', () => {
    const asked = new Set([...read('docker/compose.yaml').matchAll(/\$\{(\w+)/g)].map(([, name = '']) => name));
    const page = read('docs/how-to/run-in-a-container.md') + read('docs/how-to/runbooks.md');
    expect([...asked].filter((name) => !page.includes(name))).toStrictEqual([]);
  });

  it('mounts files that are there; what is run of them can be run', () => {
    const files = Object.values(compose.configs).map(({ file }) => join('docker', file));
    expect(files.filter((file) => !existsSync(join(ROOT, file)))).toStrictEqual([]);
    const scripts = [...files.filter((file) => file.endsWith('.sh')), 'docker/entrypoint.sh'];
    expect(scripts.filter((file) => (statSync(join(ROOT, file)).mode & 0o111) === 0)).toStrictEqual([]);
    const used = new Set(services.flatMap(([, { configs }]) => (configs ?? []).map(({ source }) => source)));
    expect([...used].toSorted()).toStrictEqual(Object.keys(compose.configs).toSorted());
  });

  it('makes a certificate for each node, under the name by which it is called', () => {
    const nodes = services.filter(([name]) => name.startsWith('kurrentdb-'));
    expect(read('docker/certificates.sh')).toContain('-dns-names "localhost,kurrentdb-$n"');
    for (const [name, { environment, volumes }] of nodes) {
      expect(environment?.KURRENTDB_NODE_HOST_ADVERTISE_AS).toBe(name);
      expect(volumes).toContain(`${name}-certificate:/certificates/node:ro`);
      const seeds = nodes.filter(([other]) => other !== name).map(([other]) => `${other}:2113`);
      expect(environment?.KURRENTDB_GOSSIP_SEED).toBe(seeds.join(','));
    }
    expect(read('docker/make-secrets.sh')).toContain(`${nodes.map(([name]) => `${name}:2113`).join(',')}?tls=true`);
  });
});
