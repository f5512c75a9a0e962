import { inspectMediaRoute } from './api/media.ts';
import { mediaDeps } from './media-runtime.ts';
import { httpPipeline } from './pipeline.ts';

/** The one address of the API that needs the libraries for images and videos. */
export const handler = httpPipeline([inspectMediaRoute], mediaDeps);
