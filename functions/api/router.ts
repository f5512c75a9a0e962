import type { Route } from './route.ts';

/** A file of routes and all their addresses; it is read when one of these is first asked for. */
export type RouteFile = {
  readonly paths: readonly string[];
  readonly read: () => Promise<readonly Route[]>;
};

export type Match =
  | { kind: 'found'; route: Route; params: Readonly<Record<string, string>> }
  | { kind: 'no-path' }
  /** The path is known, the method is not; `allow` is what an `Allow` header says. */
  | { kind: 'no-method'; allow: string };

/** Routes that have been read already. */
export function fileOf(routes: readonly Route[]): RouteFile {
  return { paths: [...new Set(routes.map(({ path }) => path))], read: async () => routes };
}

/** Of several matching paths the one with most fixed segments wins. HEAD goes as GET. */
export function router(files: readonly RouteFile[]): (method: string, path: string) => Promise<Match> {
  const table = files.flatMap(({ paths, read }) =>
    paths.map((path) => ({ path, read, segments: split(path) })),
  );
  return async (method, path) => {
    const segments = split(path);
    const fitting = table
      .filter((entry) => fits(entry.segments, segments))
      .sort((a, b) => fixed(b.segments) - fixed(a.segments));
    const onPath = (await Promise.all(fitting.map(routesAt))).flat();
    if (onPath.length === 0) return { kind: 'no-path' };
    const wanted = method === 'HEAD' ? 'GET' : method;
    const entry = onPath.find(({ route }) => route.method === wanted);
    if (entry === undefined) {
      return { kind: 'no-method', allow: allowed(onPath.map(({ route }) => route.method)) };
    }
    return { kind: 'found', route: entry.route, params: read(entry.segments, segments) };
  };
}

async function routesAt(entry: {
  readonly path: string;
  readonly segments: readonly string[];
  readonly read: RouteFile['read'];
}) {
  const routes = (await entry.read()).filter(({ path }) => path === entry.path);
  return routes.map((route) => ({ route, segments: entry.segments }));
}

function split(path: string): readonly string[] {
  return path
    .split('/')
    .filter((segment, index, all) => index > 0 && !(segment === '' && index === all.length - 1));
}

const isParameter = (segment: string): boolean => segment.startsWith('{');

function fits(pattern: readonly string[], segments: readonly string[]): boolean {
  return (
    pattern.length === segments.length &&
    pattern.every((part, i) => (isParameter(part) ? segments[i] !== '' : part === segments[i]))
  );
}

function fixed(pattern: readonly string[]): number {
  return pattern.filter((part) => !isParameter(part)).length;
}

function read(pattern: readonly string[], segments: readonly string[]): Record<string, string> {
  const found = new Map<string, string>();
  pattern.forEach((part, i) => {
    if (isParameter(part)) found.set(part.slice(1, -1), decode(segments[i] ?? ''));
  });
  return Object.fromEntries(found);
}

/** API Gateway may have decoded the path already, so a lone `%` is no fault. */
function decode(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment;
  }
}

function allowed(methods: readonly string[]): string {
  const all = new Set(methods.includes('GET') ? [...methods, 'HEAD'] : methods);
  return [...all].sort().join(', ');
}
