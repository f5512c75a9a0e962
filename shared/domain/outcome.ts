import type { Instant } from './time.ts';

/** How one attempt ended. Expected ends are values; only a broken promise (a bug, a lost store) throws. */
export type Outcome =
  /**
   * `parts`: ids of what belongs to it and stands beside it (the posts of a thread, a first comment), in their order.
   * `missing`: words for what of it the network refused after the post itself was out.
   */
  | { kind: 'published'; externalId: string; url: string; parts?: readonly string[]; missing?: string }
  /**
   * The network is still processing, or more is to be sent: go on at `checkAt` with `poll`. `out`: the post itself is
   * public already (the first of a thread, what a first comment is to follow): whatever comes, it is published.
   * `parts`: what is out beside it so far.
   * `asked`: a person has been asked to publish it; only people say now what became of it.
   */
  | {
      kind: 'pending';
      handle: string;
      checkAt: Instant;
      out?: { externalId: string; url: string };
      parts?: readonly string[];
      asked?: true;
    }
  /** The network will never take this, and certainly does not show it. */
  | { kind: 'rejected'; code: string; reason: string }
  /** The credential is refused: the channel must be reconnected; the delivery waits. */
  | { kind: 'unauthorized'; reason: string }
  /** Try again at `retryAt`; not a failed attempt. Certainly not sent. */
  | { kind: 'rateLimited'; retryAt: Instant }
  /** Certainly not sent; may be tried again. */
  | { kind: 'unavailable'; reason: string }
  /** Bytes were sent and no clear answer came: it may be out. */
  | { kind: 'uncertain'; reason: string };

/** What may be done after an unclear outcome. */
export type Safety =
  /** A byte-identical send with the same key within so many minutes makes no second post. */
  | { kind: 'idempotent'; forMinutes: number }
  /**
   * `find` tells; its "absent" counts only so many seconds after the attempt began. `marked`: it goes by a mark that
   * no other delivery has, so what it finds need not be compared with what others own.
   */
  | { kind: 'findable'; findAfterSeconds: number; marked?: true }
  /** Nobody can tell but a person. */
  | { kind: 'blind' };
