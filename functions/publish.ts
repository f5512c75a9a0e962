import { type PublishMessage, publishMessage } from '../shared/domain/messages.ts';
import { handlePublish, resendPublish } from '../shared/usecases/handle-publish.ts';
import { queuePipeline } from './pipeline.ts';
import { deps } from './runtime.ts';

/** The publish queue: wakes to look at, outcomes that were parked. */
export const handler = queuePipeline<PublishMessage>(
  publishMessage,
  (message, ready, receives) => handlePublish(ready, message, receives),
  {
    deps,
    resend: (message, ready, delaySeconds, error) => resendPublish(ready, message, delaySeconds, error),
    deadLetters: (ready) => ready.deadLetters('publish'),
  },
);
