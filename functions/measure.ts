import { type MeasureMessage, measureMessage } from '../shared/domain/messages.ts';
import type { Deps } from '../shared/ports.ts';
import { measureBrand } from '../shared/usecases/measure-brand.ts';
import { sweep } from '../shared/usecases/sweep.ts';
import { queuePipeline } from './pipeline.ts';
import { deps } from './runtime.ts';

/** The measure queue: the hourly sweep, and the brands it is spread over. */
async function handle(message: MeasureMessage, ready: Deps): Promise<void> {
  if (message.kind === 'brand') return measureBrand(ready, message);
  await sweep(ready);
}

export const handler = queuePipeline<MeasureMessage>(measureMessage, handle, {
  deps,
  resend: (message, ready, delaySeconds) => ready.measureQueue.send(message, { delaySeconds }),
  deadLetters: (ready) => ready.deadLetters('measure'),
});
