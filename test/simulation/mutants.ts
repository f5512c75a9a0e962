import type { RunOptions } from './run-seed.ts';

/** Each takes one protection away, around the product's code and never in it. The simulation must notice. */
export const MUTANTS = {
  /** A claim succeeds although somebody else was faster. */
  claim: {
    mutate: (deps) => ({
      ...deps,
      posts: {
        ...deps.posts,
        swapDelivery: async (ref, expected, next, lower) => {
          const written = await deps.posts.swapDelivery(ref, expected, next, lower);
          const isClaim = next.state === 'publishing' && !next.sending;
          return written ?? (isClaim ? deps.posts.get(ref.agencyId, ref.postId) : undefined);
        },
        swapDeliveries: async (ref, swaps, wake) => {
          const written = await deps.posts.swapDeliveries(ref, swaps, wake);
          const areClaims = swaps.every(({ next }) => next.state === 'publishing');
          return written ?? (areClaims ? deps.posts.get(ref.agencyId, ref.postId) : undefined);
        },
      },
    }),
  },
  /** A write goes through whatever fence it names. */
  fence: {
    mutate: (deps) => ({
      ...deps,
      posts: {
        ...deps.posts,
        swapDelivery: async (ref, expected, next, lower) => {
          const post = await deps.posts.get(ref.agencyId, ref.postId);
          const fence = post?.deliveries.find(({ n }) => n === ref.n)?.fence ?? expected.fence;
          return deps.posts.swapDelivery(ref, { ...expected, fence }, next, lower);
        },
        swapDeliveries: async (ref, swaps, wake) => {
          const post = await deps.posts.get(ref.agencyId, ref.postId);
          const loose = swaps.map(({ n, expected, next }) => {
            const fence = post?.deliveries.find((one) => one.n === n)?.fence ?? expected.fence;
            return { n, expected: { ...expected, fence }, next };
          });
          return deps.posts.swapDeliveries(ref, loose, wake);
        },
      },
    }),
  },
  /** A worker never finds its claim too old to send. */
  'lease-check': { mutate: (deps) => ({ ...deps, clock: { ...deps.clock, monotonic: () => 0 } }) },
  /** Every send carries a key of its own. */
  'idempotent-id': {
    mutate: (deps, machine) => ({
      ...deps,
      provider: async (network) => {
        const provider = await deps.provider(network);
        if (provider?.safety.kind !== 'idempotent') return provider;
        return {
          ...provider,
          publish: (request, context) => {
            const key = `${request.delivery.key}.${machine.id}.${deps.clock.now()}`;
            return provider.publish({ ...request, delivery: { ...request.delivery, key } }, context);
          },
        };
      },
    }),
  },
  /** Nobody looks after what does not move. */
  rescue: { rescues: false },
  /** The gate sees no hold. */
  gate: { mutate: (deps) => ({ ...deps, holds: { ...deps.holds, active: async () => [] } }) },
} as const satisfies Record<string, RunOptions>;

export type Mutant = keyof typeof MUTANTS;
