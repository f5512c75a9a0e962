import type { Queue } from '../../shared/ports.ts';
import type { VirtualClock } from './virtual-clock.ts';

const VISIBILITY = 90_000;
const MAX_RECEIVES = 5;

export type MemoryQueue<Message> = Queue<Message> & {
  /** Messages given up after five receives, with the last error. */
  readonly dead: { message: Message; error: unknown }[];
  /** From now on messages are handed to this. A throw brings the message back after the visibility timeout. */
  readonly consume: (handle: (message: Message, receives: number) => Promise<void>) => void;
  /** Everything that was ever sent. */
  readonly sent: { message: Message; delaySeconds: number }[];
};

/** A standard queue in virtual time: delays in whole seconds, redelivery, dead letters. Bodies are copied as JSON. */
export function memoryQueue<Message>(clock: VirtualClock): MemoryQueue<Message> {
  const dead: MemoryQueue<Message>['dead'] = [];
  const sent: MemoryQueue<Message>['sent'] = [];
  let consumer: ((message: Message, receives: number) => Promise<void>) | undefined;
  const deliver = (body: string, receives: number): void => {
    const message = JSON.parse(body) as Message;
    if (!consumer) return;
    consumer(message, receives).catch((error: unknown) => {
      if (receives >= MAX_RECEIVES) dead.push({ message, error });
      else clock.at(clock.now() + VISIBILITY, () => deliver(body, receives + 1));
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
        throw new RangeError(`DelaySeconds ${delaySeconds}`);
      }
      sent.push({ message, delaySeconds });
      const body = JSON.stringify(message);
      clock.at(clock.now() + delaySeconds * 1_000, () => deliver(body, 1));
    },
  };
}
