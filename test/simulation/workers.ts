import { isAwsFault } from '../../functions/aws-fault.ts';
import { publishMessage } from '../../shared/domain/messages.ts';
import type { Deps } from '../../shared/ports.ts';
import { handlePublish, resendPublish } from '../../shared/usecases/handle-publish.ts';
import { rescue } from '../../shared/usecases/rescue.ts';
import type { Machine } from './machine.ts';
import type { SimWorld } from './sim-world.ts';

const POOL = 4;
const FUNCTION_TIMEOUT = 60_000;
const RESEND_SECONDS = 45;

/** Machines that take messages from the publish queue, and the rescue of every minute. */
export function startWorkers(world: SimWorld, { rescues = true } = {}) {
  const { clock, chaos, queue } = world;
  const random = world.random.fork('workers');
  const pool: { on: Machine; deps: Deps }[] = [];
  const worker = (): { on: Machine; deps: Deps } => {
    const place = random.int(0, POOL - 1);
    const present = pool[place];
    if (present?.on.alive()) return present;
    const fresh = world.boot('publish');
    pool[place] = fresh;
    return fresh;
  };

  queue.consume(async (body, receives) => {
    const { on, deps } = worker();
    const message = publishMessage.parse(body);
    world.trace(`m${on.id} takes ${message.kind} of ${message.postId} (${receives})`);
    await limited(on, async () => {
      try {
        await handlePublish(deps, message, receives);
      } catch (error) {
        world.trace(`m${on.id} fails: ${String(error)}`);
        if (!isAwsFault(error)) throw error;
        await resendPublish(deps, message, RESEND_SECONDS, error);
      }
    });
  });

  async function limited(on: Machine, work: () => Promise<void>): Promise<void> {
    let busy = true;
    if (chaos.minuteLimit) {
      clock.at(clock.now() + FUNCTION_TIMEOUT, () => {
        if (busy) on.kill('the function ran for a minute');
      });
    }
    try {
      await work();
    } finally {
      busy = false;
    }
  }

  let net: { on: Machine; deps: Deps } | undefined;
  return {
    /** Lets time pass, with a rescue at every full minute. */
    pass: async (until: number, isOver: () => Promise<boolean> = async () => false): Promise<void> => {
      while (clock.now() < until) {
        await clock.run(Math.min(until, clock.now() + 60_000));
        // One that finds nothing changes nothing, so it is left out; now and then a wrong clock comes too early.
        const ahead = chaos.skewed && random.chance(0.1) ? 300_000 : 0;
        if (rescues && world.store.wakesBy(clock.now() + ahead)) {
          if (!net?.on.alive()) net = world.boot('rescue');
          const { on, deps } = net;
          limited(on, async () => void (await rescue(deps))).catch((error) =>
            world.trace(`rescue fails: ${String(error)}`),
          );
        }
        if (await isOver()) return;
      }
    },
  };
}
