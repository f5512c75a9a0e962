import { httpPipeline } from '../pipeline.ts';
import { deps } from '../runtime.ts';
import { ROUTE_FILES } from './route-files.ts';

/** The API: API Gateway HTTP API, payload format 2.0. */
export const handler = httpPipeline(ROUTE_FILES, deps);
