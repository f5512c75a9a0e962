import type { Deps } from '../../shared/ports.ts';

/** Ports whose calls are steps at which a process can die. */
const PORTS = [
  'agencies',
  'brands',
  'channels',
  'posts',
  'reports',
  'mails',
  'mailer',
  'alerts',
  'audit',
  'vault',
  'bus',
  'reportQueue',
] as const;

export type Step = { readonly name: string; readonly index: number };

/** The same ports, with `around` in charge of every call. */
export function steppingThrough(
  deps: Deps,
  around: (step: Step, call: () => Promise<unknown>) => Promise<unknown>,
): Deps {
  let index = 0;
  const wrapped = PORTS.map((port) => {
    const target = deps[port] as unknown as Record<string, unknown>;
    const methods = Object.entries(target).map(([method, value]): [string, unknown] => {
      if (typeof value !== 'function') return [method, value];
      return [
        method,
        (...args: unknown[]) =>
          around({ name: `${port}.${method}`, index: index++ }, async () => value.apply(target, args)),
      ];
    });
    return [port, Object.fromEntries(methods)] as const;
  });
  return { ...deps, ...Object.fromEntries(wrapped) } as Deps;
}

/** A process that dies at one step: nothing that it would do after that has any effect, and nobody hears of it. */
export function dyingProcess(deps: Deps, at: { index: number; when: 'before' | 'after' }) {
  const dead = Promise.withResolvers<'died'>();
  let isDead = false;
  const died: { step: string | undefined } = { step: undefined };
  const die = (step: Step): Promise<never> => {
    isDead = true;
    died.step = step.name;
    dead.resolve('died');
    return new Promise(() => {});
  };
  const dying = steppingThrough(deps, async (step, call) => {
    if (isDead) return new Promise(() => {});
    if (step.index !== at.index) return call();
    if (at.when === 'after') await call();
    return die(step);
  });
  return {
    deps: dying,
    died,
    /** `died`, or `done` when the work ended before its step came. */
    run: (work: (deps: Deps) => Promise<void>): Promise<'died' | 'done'> =>
      Promise.race([work(dying).then(() => 'done' as const), dead.promise]),
  };
}
