import { rescue } from '../shared/usecases/rescue.ts';
import { schedulePipeline } from './pipeline.ts';
import { deps } from './runtime.ts';

/** Every minute: what should have moved and did not. */
export const handler = schedulePipeline(async (ready) => {
  await rescue(ready);
}, deps);
