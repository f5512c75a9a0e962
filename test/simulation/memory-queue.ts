import { MAX_RECEIVES } from '../../shared/domain/messages.ts';
import type { Queue } from '../../shared/ports.ts';
import type { VirtualClock } from './virtual-clock.ts';

const VISIBILITY = 90_000;

export type MemoryQueue<Message> = Queue<Message> & {
  /** Messages given up after five receives, with the last error. */
  readonly dead: { message: Message; error: unknown }[];
  /**
   * From now on messages are handed to this. What is not fulfilled within the visibility timeout comes back then:
   * after a throw, and also when the promise never ends, because its worker is gone.
   */
  readonly consume: (handle: (message: Message, receives: number) => Promise<void>) => void;
  /** Everything that was ever sent. */
  readonly sent: { message: Message; delaySeconds: number }[];
};

/** What a standard queue may do to a message: hand it out later, and more than once. */
export type QueueWhims = {
  /** By how many ms each copy comes late; one number for each copy. */
  readonly copies: (body: string) => readonly number[];
};

const PLAIN: QueueWhims = { copies: () => [0] };

/** A standard queue in virtual time: delays in whole seconds, redelivery, dead letters. Bodies are copied as JSON. */
export function memoryQueue<Message>(clock: VirtualClock, whims: QueueWhims = PLAIN): MemoryQueue<Message> {
  const dead: MemoryQueue<Message>['dead'] = [];
  const sent: MemoryQueue<Message>['sent'] = [];
  let consumer: ((message: Message, receives: number) => Promise<void>) | undefined;
  const deliver = (body: string, receives: number): void => {
    const message = JSON.parse(body) as Message;
    if (!consumer) return;
    let done = false;
    let problem: unknown;
    consumer(message, receives).then(
      () => {
        done = true;
      },
      (error: unknown) => {
        problem = error;
      },
    );
    clock.at(clock.now() + VISIBILITY, () => {
      if (done) return;
      if (receives >= MAX_RECEIVES) dead.push({ message, error: problem });
      else deliver(body, receives + 1);
    });
  };
  return {
    dead,
    sent,
    consume: (handle) => {
      consumer = handle;
    },
    send: async (message, { delaySeconds = 0 } = {}) => {
      if (!Number.isInteger(delaySeconds) || delaySeconds < 0 || delaySeconds > 900) {
        throw new RangeError(`delaySeconds must be a whole number from 0 to 900, got ${delaySeconds}`);
      }
      sent.push({ message, delaySeconds });
      const body = JSON.stringify(message);
      for (const late of whims.copies(body)) {
        clock.at(clock.now() + delaySeconds * 1_000 + late, () => deliver(body, 1));
      }
    },
  };
}
