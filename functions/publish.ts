import { type PublishMessage, publishMessage } from '../shared/domain/messages.ts';
import type { Deps } from '../shared/ports.ts';
import { settleParked } from '../shared/usecases/settle-parked.ts';
import { wake } from '../shared/usecases/wake.ts';
import { queuePipeline } from './pipeline.ts';
import { deps } from './runtime.ts';

/** The publish queue: wakes to look at, outcomes that were parked. */
async function handle(message: PublishMessage, ready: Deps, receives: number): Promise<void> {
  if (message.kind === 'settle') return settleParked(ready, message);
  return wake(ready, message, receives > 1);
}

export const handler = queuePipeline<PublishMessage>(publishMessage, handle, {
  deps,
  resend: (message, ready, delaySeconds) =>
    ready.publishQueue.send(message, { delaySeconds, group: message.agencyId }),
});
