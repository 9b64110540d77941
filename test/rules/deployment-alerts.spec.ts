import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { composeFile, ROOT, read, servicesOf } from './compose-file';

type Rule = Readonly<{
  alert: string;
  expr: string;
  labels: Readonly<{ severity: string }>;
  annotations: Readonly<{ zh: string; en: string; runbook: string }>;
}>;
type Job = Readonly<{ job_name: string; static_configs: readonly Readonly<{ targets: readonly string[] }>[] }>;

const compose = composeFile();
const cluster = servicesOf(compose, 'cluster');
const rules = (parse(read('docker/alerts.yml')) as { groups: { name: string; rules: Rule[] }[] }).groups.flatMap((group) => group.rules);
const prometheus = parse(read('docker/prometheus.yml')) as { rule_files: string[]; scrape_configs: Job[] };
const targets = prometheus.scrape_configs.flatMap(({ job_name, static_configs }) =>
  static_configs.flatMap((list) =>
    list.targets.map((target) => ({ job: job_name, host: target.split(':')[0] ?? '', port: target.split(':')[1] })),
  ),
);
const balancer = read('docker/haproxy.cfg');
const pages = new Map(readdirSync(join(ROOT, 'docs/how-to')).map((name) => [name, read(join('docs/how-to', name))] as const));

/** Where each service tells its figures, as its own settings have it. */
const portOf = (service: string): string | undefined => {
  const environment = cluster.get(service)?.environment ?? {};
  if (service === 'balancer') return /^frontend figures\n {2}bind :(\d+)$/m.exec(balancer)?.[1];
  if (service.startsWith('kurrentdb-')) return environment.KURRENTDB_NODE_PORT ?? undefined;
  return environment.PORT ?? /PORT=(\d+)/.exec(read('docker/Dockerfile'))?.[1];
};
const metricsOf = (text: string): readonly string[] =>
  [...text.matchAll(/\b(?:yika|kurrentdb)_[a-z0-9_]+/g)].map(([metric]) => metric.replace(/_(bucket|sum|count)$/, ''));
/** Rows of the tables that say what to watch for, each with the figures that it names. */
const alertsOf = (page: string): readonly Readonly<{ row: string; metrics: readonly string[] }>[] =>
  page
    .split(/\n\n/)
    .filter((table) => table.startsWith('| alert | expression |'))
    .flatMap((table) => table.split('\n').slice(2))
    .map((row) => ({ row, metrics: metricsOf(row.split(' | ')[1] ?? '') }));
/** The anchor of a heading as Git forges make it. */
const anchorsOf = (page: string): readonly string[] =>
  [...page.matchAll(/^#+ (.+)$/gm)].map(([, heading = '']) =>
    heading
      .toLowerCase()
      .replace(/[^\p{L}\p{N} -]/gu, '')
      .replaceAll(' ', '-'),
  );

describe('what Prometheus looks at', () => {
  it('is every service of the cluster that has figures, at its port', () => {
    const withFigures = [...cluster.keys()].filter((name) => /^(engine|projector|kurrentdb|balancer)/.test(name));
    expect(targets.map(({ host }) => host).toSorted()).toStrictEqual(withFigures.toSorted());
    expect(targets.filter(({ host, port }) => portOf(host) !== port)).toStrictEqual([]);
    expect(targets.filter(({ host }) => !cluster.get(host)?.networks?.includes('watch'))).toStrictEqual([]);
  });

  it('is judged by the rules that are mounted, with the certificate and the password that are there', () => {
    const { configs = [], secrets = [], volumes = [] } = cluster.get('prometheus') ?? {};
    const mounted = configs.map(({ target }) => target);
    expect(mounted).toContain('/etc/prometheus/prometheus.yml');
    expect(prometheus.rule_files.filter((file) => !mounted.includes(file))).toStrictEqual([]);
    const [, password = ''] = /password_file: \/run\/secrets\/([\w-]+)/.exec(read('docker/prometheus.yml')) ?? [];
    expect(secrets).toContain(password);
    expect(volumes).toContain('trust:/certificates/trust:ro');
  });
});

describe('the balancer', () => {
  it('stands before every engine of the cluster, at the port of its door, and sends swipes to those that are ready', () => {
    const engines = [...cluster.keys()].filter((name) => name.startsWith('engine-'));
    const servers = [...balancer.matchAll(/^ {2}server (\S+) (\S+):(\d+)$/gm)].map(([, name, host, port]) => ({ name, host, port }));
    expect(servers).toStrictEqual(engines.map((name) => ({ name, host: name, port: portOf(name) })));
    expect(balancer).toContain('option httpchk GET /health/ready');
  });

  it('never sends again what an engine may have seen', () => {
    expect(balancer).toMatch(/^ {2}retry-on conn-failure$/m);
  });
});

describe('the alerts', () => {
  const told = new Set([...pages.values()].flatMap(metricsOf));

  it('ask only for figures that the pages name', () => {
    const asked = rules.flatMap(({ alert, expr }) => metricsOf(expr).map((metric) => ({ alert, metric })));
    expect(asked.length).toBeGreaterThan(20);
    expect(asked.filter(({ metric }) => !told.has(metric))).toStrictEqual([]);
  });

  it('ask only for services that are looked at', () => {
    const jobs = prometheus.scrape_configs.map(({ job_name }) => job_name);
    const asked = rules.flatMap(({ expr }) => [...expr.matchAll(/job="(\w+)"/g)].map(([, job = '']) => job));
    expect(asked.filter((job) => !jobs.includes(job))).toStrictEqual([]);
  });

  it.each(['monitor.md', 'run-a-projector.md'])('are all that %s tells to watch for', (name) => {
    const asked = rules.map(({ expr }) => metricsOf(expr));
    const lost = alertsOf(pages.get(name) ?? '').filter(
      ({ metrics }) => !asked.some((inRule) => metrics.every((metric) => inRule.includes(metric))),
    );
    expect(alertsOf(pages.get(name) ?? '').length).toBeGreaterThan(2);
    expect(lost).toStrictEqual([]);
  });

  it('say in Chinese and English what is wrong, how urgent it is, and at which heading it stands what to do', () => {
    expect(
      rules.filter(({ annotations }) => !/\p{Script=Han}/u.test(annotations.zh) || annotations.en === '').map(({ alert }) => alert),
    ).toStrictEqual([]);
    expect(rules.filter(({ labels }) => !['urgent', 'soon'].includes(labels.severity)).map(({ alert }) => alert)).toStrictEqual([]);
    const lost = rules.filter(({ annotations: { runbook } }) => {
      const [file = '', anchor] = runbook.split('#');
      const page = pages.get(file);
      return page === undefined || (anchor !== undefined && !anchorsOf(page).includes(anchor));
    });
    expect(lost.map(({ alert, annotations }) => `${alert}: ${annotations.runbook}`)).toStrictEqual([]);
  });
});
