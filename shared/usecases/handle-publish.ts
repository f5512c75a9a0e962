import type { PublishMessage } from '../domain/messages.ts';
import type { Deps } from '../ports.ts';
import { settleParked } from './settle-parked.ts';
import { UnfinishedWake } from './unfinished-wake.ts';
import { wake } from './wake.ts';

/**
 * One message of the publish queue: a wake to look at, or an outcome that was parked.
 * @param receives how often the queue has handed it out, this time included
 */
export async function handlePublish(deps: Deps, message: PublishMessage, receives: number): Promise<void> {
  if (message.kind === 'settle') return settleParked(deps, message);
  return wake(deps, message, receives > 1 || message.again === true);
}

/**
 * Puts a message back that AWS itself failed, with the claims that its worker has not sent under; the new one counts
 * as received before, because it was worked on.
 */
export async function resendPublish(
  deps: Pick<Deps, 'publishQueue'>,
  message: PublishMessage,
  delaySeconds: number,
  error?: unknown,
): Promise<void> {
  const unsent = error instanceof UnfinishedWake ? { unsent: [...error.unsent] } : {};
  const again = message.kind === 'wake' ? { ...message, again: true, ...unsent } : message;
  await deps.publishQueue.send(again, { delaySeconds, group: message.agencyId });
}
