import type { Deps } from '../shared/ports.ts';
import { rescue } from '../shared/usecases/rescue.ts';
import { schedulePipeline } from './pipeline.ts';
import { deps } from './runtime.ts';

/** Every minute: what should have moved and did not. */
export const rescueHandler = (on: () => Deps) =>
  schedulePipeline(async (ready) => {
    await rescue(ready);
  }, on);

export const handler = rescueHandler(deps);
