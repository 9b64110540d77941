export const ROUTES = Symbol('ROUTES');

export type Route = Readonly<{ method: string; url: string }>;

/** The routes of the door by pattern, so that a wrong method is told apart from a wrong address. */
export class RouteTable {
  private readonly methodsOf = new Map<string, { pattern: RegExp; methods: Set<string> }>();

  add(url: string, methods: string | readonly string[]): void {
    const known = this.methodsOf.get(url) ?? { pattern: patternOf(url), methods: new Set<string>() };
    for (const method of [methods].flat()) known.methods.add(method);
    this.methodsOf.set(url, known);
  }

  /** Every route that there is, also those of the admin socket. */
  all(): readonly Route[] {
    return [...this.methodsOf].flatMap(([url, { methods }]) => [...methods].map((method) => ({ method, url })));
  }

  /** Methods known at an address, sorted; none when there is nothing. Addresses of the admin socket count for nothing here. */
  methodsAt(url: string): readonly string[] {
    const path = url.split('?', 1)[0] ?? '';
    const found = [...this.methodsOf].filter(([route, { pattern }]) => !route.startsWith('/admin') && pattern.test(path));
    return [...new Set(found.flatMap(([, { methods }]) => [...methods]))].sort();
  }
}

const patternOf = (url: string): RegExp =>
  new RegExp(
    `^${url
      .replace(/[.*+?^${}()|[\]\\]/g, '\\$&')
      .replace(/:[^/]+/g, '[^/]+')
      .replace('\\*', '.*')}/?$`,
  );
