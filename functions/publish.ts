import { type PublishMessage, publishMessage } from '../shared/domain/messages.ts';
import type { Deps } from '../shared/ports.ts';
import { handlePublish, resendPublish } from '../shared/usecases/handle-publish.ts';
import { type QueueHandler, queuePipeline } from './pipeline.ts';
import { deps } from './runtime.ts';

/** The publish queue: wakes to look at, outcomes that were parked. */
export const publishHandler = (on: () => Deps): QueueHandler =>
  queuePipeline<PublishMessage>(
    publishMessage,
    (message, ready, receives) => handlePublish(ready, message, receives),
    {
      deps: on,
      resend: (message, ready, delaySeconds, error) => resendPublish(ready, message, delaySeconds, error),
      deadLetters: (ready) => ready.deadLetters('publish'),
    },
  );

export const handler = publishHandler(deps);
