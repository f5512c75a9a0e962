import { type MeasureMessage, measureMessage } from '../shared/domain/messages.ts';
import type { Deps } from '../shared/ports.ts';
import { placeParked } from '../shared/usecases/keep-credential.ts';
import { measureBrand } from '../shared/usecases/measure-brand.ts';
import { measureBrands } from '../shared/usecases/measure-brands.ts';
import { renewChannel, renewDue } from '../shared/usecases/renew-channel.ts';
import { sweep } from '../shared/usecases/sweep.ts';
import { type QueueHandler, queuePipeline } from './pipeline.ts';
import { deps } from './runtime.ts';

/** The measure queue: the hourly sweep with the brands it is spread over, and the renewal of channels' credentials. */
export const measureHandler = (on: () => Deps): QueueHandler =>
  queuePipeline<MeasureMessage>(measureMessage, handle, {
    deps: on,
    resend: (message, ready, delaySeconds) => ready.measureQueue.send(message, { delaySeconds }),
    deadLetters: (ready) => ready.deadLetters('measure'),
  });

export const handler = measureHandler(deps);

async function handle(message: MeasureMessage, ready: Deps, receives: number): Promise<void> {
  switch (message.kind) {
    case 'brands':
      return measureBrands(ready, message, receives);
    case 'brand':
      return measureBrand(ready, message);
    case 'channel':
      return renewChannel(ready, message);
    case 'credential':
      return placeParked(ready, message);
    case 'renew':
      return void (await renewDue(ready));
    case 'sweep':
      await sweep(ready);
  }
}
