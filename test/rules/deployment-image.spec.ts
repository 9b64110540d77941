import { validate } from 'dockerfile-utils';
import { PINNED, read } from './compose-file';

/** What is wrong with a Dockerfile beyond its grammar. */
const imageFaults = (text: string): readonly string[] => {
  const instructions = text
    .replace(/\\\n/g, ' ')
    .split('\n')
    .map((line) => /^([A-Z]+)\s+(.*)$/.exec(line))
    .flatMap((found) => (found ? [{ word: found[1] ?? '', rest: found[2] ?? '' }] : []));
  const all = (word: string) => instructions.filter((instruction) => instruction.word === word).map(({ rest }) => rest);
  const args = new Map(all('ARG').map((rest) => rest.split('=', 2) as [string, string]));
  const bases = all('FROM').map((rest) => (rest.split(' ')[0] ?? '').replace(/\$\{(\w+)\}/g, (_, name: string) => args.get(name) ?? ''));
  const user = all('USER').at(-1) ?? 'root';
  return [
    ...validate(text).map(({ message, range }) => `line ${range.start.line + 1}: ${typeof message === 'string' ? message : message.value}`),
    ...bases.filter((base) => !PINNED.test(base)).map((base) => `not pinned: ${base}`),
    ...(/^(0|root)(:|$)/.test(user) ? ['runs as root'] : []),
    ...[...all('ENV'), ...all('ARG')].filter((rest) => /PASSWORD|SECRET|TOKEN|MASTER_KEY/.test(rest)).map((rest) => `secret: ${rest}`),
    ...(all('HEALTHCHECK').length === 0 ? ['no HEALTHCHECK'] : []),
    ...[...all('CMD'), ...all('ENTRYPOINT')].filter((rest) => !rest.startsWith('[')).map((rest) => `not in exec form: ${rest}`),
    ...all('ADD').map((rest) => `ADD where COPY says what is meant: ${rest}`),
  ];
};

describe('the Dockerfile', () => {
  const text = read('docker/Dockerfile');

  it('is well formed, pinned, not run as root, without secrets, with a question of health, its commands in exec form', () => {
    expect(imageFaults(text)).toStrictEqual([]);
  });

  it.each([
    ['an image that moves', /node:[\d.]+-/, 'node:24-', 'not pinned: node:24-bookworm-slim'],
    ['no user', /^USER node$/m, '', 'runs as root'],
    ['root', /^USER node$/m, 'USER root', 'runs as root'],
    ['a key in the image', /NODE_ENV=production/, 'YIKA_MASTER_KEY=00', expect.stringContaining('secret: ')],
    ['a shell between', /^CMD \[.*$/m, 'CMD node main.js', 'not in exec form: node main.js'],
    ['a word that is mistyped', /^EXPOSE/m, 'EXPOES', expect.stringContaining('EXPOES')],
    ['a file from anywhere', /^COPY package.json LICENSE/m, 'ADD package.json LICENSE', expect.stringContaining('ADD where COPY')],
  ])('would be refused with %s', (_, good, bad, fault) => {
    const changed = text.replace(good, bad);
    expect(changed).not.toBe(text);
    expect(imageFaults(changed)).toContainEqual(fault);
  });

  it('copies only what is sent to the builder', () => {
    const sent = read('.dockerignore');
    const copied = [...text.matchAll(/^COPY (?:--chmod=\d+ )?((?!--from)\S.*)$/gm)].flatMap(([, rest = '']) =>
      rest.split(' ').slice(0, -1),
    );
    expect(copied).toContain('docker/entrypoint.sh');
    expect(copied.filter((path) => !new RegExp(`^!${path.replace(/^\.\//, '').replaceAll('.', '\\.')}$`, 'm').test(sent))).toStrictEqual(
      [],
    );
  });
});
