import { httpPipeline } from '../pipeline.ts';
import { deps } from '../runtime.ts';
import { routes } from './routes.ts';

/** The API: API Gateway HTTP API, payload format 2.0. */
export const handler = httpPipeline(routes, deps);
